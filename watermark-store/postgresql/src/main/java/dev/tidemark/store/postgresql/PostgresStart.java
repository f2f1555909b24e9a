package dev.tidemark.store.postgresql;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.JournalRow;
import dev.tidemark.store.change.MailboxRow;
import dev.tidemark.store.engine.StoredState;
import dev.tidemark.store.sql.SqlReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/// State of the store in the tables. Used by the thread that opens the store.
///
/// @param mailboxesTo position up to which the rows of the mailboxes include the journal
/// @param isInUse whether other nodes used the store when it was opened
record PostgresStart(SqlReader sql, PostgresJournal journal, long mailboxesTo, boolean isInUse) implements StoredState {
    private static final String INSTANCE = "SELECT name, token_key, created_at, clean, sequence FROM store_instance";
    private static final String MAILBOXES = "SELECT id, address, body FROM mailbox";
    private static final String FORGOTTEN = "SELECT id, address, body FROM mailbox WHERE address = ''";

    private static final String HAS_ROWS =
            "SELECT EXISTS (SELECT 1 FROM mailbox) OR commits > 0 FROM store_partition WHERE id = 0";

    /// Returns whether the tables hold no store, and no part of one.
    static boolean isEmpty(SqlReader sql) {
        return readInstance(sql).isEmpty() && !hasRows(sql);
    }

    private static boolean hasRows(SqlReader sql) {
        return sql.queryOne(HAS_ROWS, row -> row.flag(1)).orElse(false);
    }

    /// @throws StoreException if the tables hold a part of a copy
    @Override
    public Optional<Change.InstanceSaved> instance() {
        // read first: another node creates the store with its first row
        var hasRows = hasRows(sql);
        var found = readInstance(sql);
        if (found.isEmpty() && hasRows) {
            throw new StoreException(
                    "The store in PostgreSQL is an incomplete copy; drop its schema and copy it" + " again.");
        }
        return found;
    }

    static Optional<Change.InstanceSaved> readInstance(SqlReader sql) {
        return sql.queryOne(
                INSTANCE,
                row -> new Change.InstanceSaved(row.text(1), row.text(2), row.instant(3), row.flag(4), row.number(5)));
    }

    @Override
    public Collection<MailboxRow> drainMailboxes() {
        var rows = new ArrayList<MailboxRow>();
        forEachMailbox(sql, stored -> {
            if (!stored.isForgotten()) {
                rows.add(stored.row());
            }
        });
        return rows;
    }

    static void forEachMailbox(SqlReader sql, Consumer<StoredMailbox> sink) {
        sql.forEach(MAILBOXES, row -> sink.accept(StoredMailbox.read(row)));
    }

    @Override
    public Collection<Change.MailboxForgotten> forgottenMailboxes() {
        return sql.query(FORGOTTEN, StoredMailbox::read).stream()
                .map(StoredMailbox::forgotten)
                .toList();
    }

    @Override
    public void readNewerJournal(Consumer<JournalRow> sink) {
        journal.forEachAfter(mailboxesTo, sink);
    }
}
