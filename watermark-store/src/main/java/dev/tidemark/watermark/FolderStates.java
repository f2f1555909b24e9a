package dev.tidemark.watermark;

import dev.tidemark.ews.SyncState;
import dev.tidemark.watermark.Resyncs.FolderState;
import java.time.Instant;
import java.util.Optional;

/// The table of folders' synchronisation states.
final class FolderStates {
    private static final String SELECT =
            "SELECT state, taken_at, complete FROM folder_state WHERE mailbox = ? AND folder = ?";
    private static final String MERGE = """
            MERGE INTO folder_state (mailbox, folder, state, taken_at, complete) KEY (mailbox, folder)
            VALUES (?, ?, ?, ?, ?)
            """;
    private static final String DELETE = "DELETE FROM folder_state WHERE mailbox = ? AND folder = ?";

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

    static void save(JdbcRunner.Tx tx, Recovery page, Instant takenAt) {
        tx.update(MERGE, page.mailbox().value(), page.folder(), page.next().value(), takenAt, page.complete());
    }

    static void remove(JdbcRunner.Tx tx, MailboxId mailbox, String folder) {
        tx.update(DELETE, mailbox.value(), folder);
    }
}
