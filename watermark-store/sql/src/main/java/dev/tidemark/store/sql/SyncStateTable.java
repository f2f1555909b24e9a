package dev.tidemark.store.sql;

import dev.tidemark.store.ResyncStore.FolderState;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.SyncStateQueries;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.SyncState;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Table of folders' sync states.
final class SyncStateTable implements SyncStateQueries {
    private static final String SELECT =
            "SELECT state, taken_at, complete FROM folder_state WHERE mailbox = ? AND folder = ?";
    private static final String SELECT_ALL =
            "SELECT folder, state, taken_at, complete FROM folder_state WHERE mailbox = ? ORDER BY folder";
    private static final String SELECT_OLD =
            "SELECT DISTINCT mailbox FROM folder_state WHERE taken_at < ? ORDER BY mailbox";
    private static final String SELECT_FOLDERS = "SELECT folder FROM folder_state WHERE mailbox = ?";
    private static final String SELECT_EVERY = "SELECT mailbox, folder, state, taken_at, complete FROM folder_state";
    private static final String SELECT_LATER =
            "SELECT mailbox, folder, state, taken_at, complete FROM folder_state WHERE taken_at > ? LIMIT ?";

    private final SqlReader sql;

    SyncStateTable(SqlReader sql) {
        this.sql = sql;
    }

    @Override
    public Optional<FolderState> find(MailboxId mailbox, String folder) {
        return sql.queryOne(
                SELECT,
                row -> new FolderState(new SyncState(row.text(1)), row.instant(2), row.flag(3)),
                mailbox.value(),
                folder);
    }

    @Override
    public Map<String, FolderState> all(MailboxId mailbox) {
        var found = new LinkedHashMap<String, FolderState>();
        sql.query(
                        SELECT_ALL,
                        row -> Map.entry(
                                row.text(1), new FolderState(new SyncState(row.text(2)), row.instant(3), row.flag(4))),
                        mailbox.value())
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    @Override
    public Collection<MailboxId> takenBefore(Instant time) {
        return sql.query(SELECT_OLD, row -> new MailboxId(row.text(1)), time);
    }

    /// Returns the mailbox's folders that have a state.
    @Override
    public List<String> folders(MailboxId mailbox) {
        return sql.query(SELECT_FOLDERS, row -> row.text(1), mailbox.value());
    }

    /// Returns at most `limit` states that were taken after `time`.
    @Override
    public List<Change.FolderStateSaved> takenAfter(Instant time, int limit) {
        return sql.query(
                SELECT_LATER,
                row -> new Change.FolderStateSaved(
                        new MailboxId(row.text(1)),
                        row.text(2),
                        new FolderState(new SyncState(row.text(3)), row.instant(4), row.flag(5))),
                time,
                limit);
    }

    /// Passes all rows to `sink`.
    void forEach(Consumer<Change> sink) {
        sql.forEach(SELECT_EVERY, row -> sink.accept(saved(row)));
    }

    private static Change.FolderStateSaved saved(SqlRow row) {
        return new Change.FolderStateSaved(
                new MailboxId(row.text(1)),
                row.text(2),
                new FolderState(new SyncState(row.text(3)), row.instant(4), row.flag(5)));
    }
}
