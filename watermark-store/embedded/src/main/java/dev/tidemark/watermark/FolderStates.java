package dev.tidemark.watermark;

import dev.tidemark.values.SyncState;
import dev.tidemark.watermark.Resyncs.FolderState;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The table of folders' synchronisation states.
final class FolderStates {
    private static final String SELECT =
            "SELECT state, taken_at, complete FROM folder_state WHERE mailbox = ? AND folder = ?";
    private static final String SELECT_ALL =
            "SELECT folder, state, taken_at, complete FROM folder_state WHERE mailbox = ? ORDER BY folder";
    private static final String SELECT_OLD =
            "SELECT DISTINCT mailbox FROM folder_state WHERE taken_at < ? ORDER BY mailbox";
    private static final String MERGE = """
        MERGE INTO folder_state (mailbox, folder, state, taken_at, complete) KEY (mailbox, folder)
        VALUES (?, ?, ?, ?, ?)
        """;
    private static final String GO_ON =
            "UPDATE folder_state SET state = ?, complete = FALSE WHERE mailbox = ? AND folder = ?";
    private static final String DELETE = "DELETE FROM folder_state WHERE mailbox = ? AND folder = ?";

    private static final String DELETE_ALL = "DELETE FROM folder_state WHERE mailbox = ?";

    private final JdbcRunner jdbc;

    FolderStates(JdbcRunner jdbc) {
        this.jdbc = jdbc;
    }

    Optional<FolderState> find(MailboxId mailbox, String folder) {
        return jdbc.queryOne(
                SELECT,
                row -> new FolderState(new SyncState(row.text(1)), row.instant(2), row.flag(3)),
                mailbox.value(),
                folder);
    }

    Map<String, FolderState> all(MailboxId mailbox) {
        var found = new LinkedHashMap<String, FolderState>();
        jdbc.query(
                        SELECT_ALL,
                        row -> Map.entry(
                                row.text(1), new FolderState(new SyncState(row.text(2)), row.instant(3), row.flag(4))),
                        mailbox.value())
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    Collection<MailboxId> takenBefore(Instant moment) {
        return jdbc.query(SELECT_OLD, row -> new MailboxId(row.text(1)), moment);
    }

    /// A state in the middle of a folder is as old as the one that the reading began with: what it leaves
    /// unread may have happened, and have been reported by push, at any time since.
    static void save(JdbcRunner.Tx tx, Recovery page, Instant now) {
        var state = page.next().value();
        if (page.complete() || tx.update(GO_ON, state, page.mailbox().value(), page.folder()) == 0) {
            tx.update(MERGE, page.mailbox().value(), page.folder(), state, now, page.complete());
        }
    }

    /// Makes a folder's state what it was before.
    static void restore(JdbcRunner.Tx tx, MailboxId mailbox, String folder, Optional<FolderState> before) {
        before.ifPresentOrElse(
                it -> tx.update(MERGE, mailbox.value(), folder, it.state().value(), it.takenAt(), it.complete()),
                () -> remove(tx, mailbox, folder));
    }

    static void removeAll(JdbcRunner.Tx tx, MailboxId mailbox) {
        tx.update(DELETE_ALL, mailbox.value());
    }

    static void remove(JdbcRunner.Tx tx, MailboxId mailbox, String folder) {
        tx.update(DELETE, mailbox.value(), folder);
    }
}
