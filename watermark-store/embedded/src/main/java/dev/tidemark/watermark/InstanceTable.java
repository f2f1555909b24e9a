package dev.tidemark.watermark;

import java.time.Instant;
import java.util.Optional;

/// The one row that is about the store itself.
final class InstanceTable {
    private static final String SELECT = """
            SELECT name, token_key, created_at, clean, sequence, fold_position, end_position, log_epoch, log_generation
            FROM instance WHERE id = 1
            """;
    private static final String INSERT = """
            INSERT INTO instance (id, name, token_key, created_at, clean, sequence, fold_position, end_position)
            VALUES (1, ?, ?, ?, TRUE, 0, 0, 0)
            """;
    private static final String SET_CLEAN = "UPDATE instance SET clean = ? WHERE id = 1";
    private static final String SET_SEQUENCE = "UPDATE instance SET sequence = ? WHERE id = 1";
    private static final String SET_LOG = "UPDATE instance SET log_epoch = ?, log_generation = ? WHERE id = 1";
    private static final String SET_FOLDED = "UPDATE instance SET fold_position = ?, end_position = ? WHERE id = 1";

    private final JdbcRunner jdbc;

    InstanceTable(JdbcRunner jdbc) {
        this.jdbc = jdbc;
    }

    /// @param sequence of the instance's newest lifecycle event
    /// @param foldPosition up to which all mailbox rows hold what the journal says
    /// @param end a position that was given out already; the journal may go beyond
    /// @param log which rows of the write-ahead log count
    record Stored(InstanceRecord instance, long sequence, long foldPosition, long end, LogStart log) {
        /// What became of the store before, in words.
        String past() {
            if (end == 0 && log.epoch() == 0) {
                return "new";
            }
            return instance.stoppedCleanly() ? "stopped cleanly before" : "not stopped cleanly before";
        }
    }

    /// @param generation the first that counts, of this epoch
    record LogStart(long epoch, long generation) {}

    Optional<Stored> find() {
        return jdbc.queryOne(
                SELECT,
                row -> new Stored(
                        new InstanceRecord(row.text(1), row.text(2), row.instant(3), row.flag(4)),
                        row.number(5),
                        row.number(6),
                        row.number(7),
                        new LogStart(row.number(8), row.number(9))));
    }

    void create(String name, String tokenKey, Instant createdAt) {
        jdbc.write(tx -> tx.update(INSERT, name, tokenKey, createdAt));
    }

    static void setClean(JdbcRunner.Tx tx, boolean clean) {
        tx.update(SET_CLEAN, clean);
    }

    static void setSequence(JdbcRunner.Tx tx, long sequence) {
        tx.update(SET_SEQUENCE, sequence);
    }

    static void setLog(JdbcRunner.Tx tx, LogStart start) {
        tx.update(SET_LOG, start.epoch(), start.generation());
    }

    static void setFolded(JdbcRunner.Tx tx, long foldPosition, long end) {
        tx.update(SET_FOLDED, foldPosition, end);
    }
}
