package dev.tidemark.store.postgresql;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.JournalRow;
import dev.tidemark.store.change.MailboxRow;
import dev.tidemark.store.engine.StoredState;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.sql.SqlReader;
import dev.tidemark.values.MailboxAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/// State of the store in the tables. Used by the thread that opens the store.
///
/// @param mailboxesTo position up to which the rows of the mailboxes include the journal
record PostgresStart(SqlReader sql, PostgresJournal journal, long mailboxesTo) implements StoredState {
    private static final String INSTANCE = "SELECT name, token_key, created_at, clean, sequence FROM store_instance";
    private static final String MAILBOXES = "SELECT id, address, body FROM mailbox";

    @Override
    public Optional<Change.InstanceSaved> instance() {
        return sql.queryOne(
                INSTANCE,
                row -> new Change.InstanceSaved(row.text(1), row.text(2), row.instant(3), row.flag(4), row.number(5)));
    }

    @Override
    public Collection<MailboxRow> drainMailboxes() {
        var rows = new ArrayList<MailboxRow>();
        sql.forEach(
                MAILBOXES,
                row -> rows.add(
                        new MailboxRow(new MailboxId(row.text(1)), new MailboxAddress(row.text(2)), row.bytes(3))));
        return rows;
    }

    @Override
    public void readNewerJournal(Consumer<JournalRow> sink) {
        journal.forEachAfter(mailboxesTo, sink);
    }
}
