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
            VALUES (1, ?, ?, ?, ?, ?, 0, 0)
            """;
    private static final String UPDATE =
            "UPDATE instance SET name = ?, token_key = ?, created_at = ?, clean = ?, sequence = ? WHERE id = 1";
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
        Change.InstanceSaved row() {
            return new Change.InstanceSaved(
                    instance.name(), instance.tokenKey(), instance.createdAt(), instance.stoppedCleanly(), sequence);
        }

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
        var row = new Change.InstanceSaved(name, tokenKey, createdAt, true, 0);
        jdbc.write(tx -> save(tx, row));
    }

    static void save(JdbcRunner.Tx tx, Change.InstanceSaved row) {
        var found = tx.update(UPDATE, row.name(), row.tokenKey(), row.createdAt(), row.clean(), row.sequence());
        if (found == 0) {
            tx.update(INSERT, row.name(), row.tokenKey(), row.createdAt(), row.clean(), row.sequence());
        }
    }

    static void setLog(JdbcRunner.Tx tx, LogStart start) {
        tx.update(SET_LOG, start.epoch(), start.generation());
    }

    static void setFolded(JdbcRunner.Tx tx, long foldPosition, long end) {
        tx.update(SET_FOLDED, foldPosition, end);
    }
}
