package dev.tidemark.watermark;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The moments that are kept in tables of their own, besides those of mailboxes and of the journal. The
/// journal's are part of its events and stay as they are; when a replay began is only shown.
final class StoredMoments {
    private record Noted(String table, String column) {
        String newest() {
            return "SELECT MAX(" + column + ") FROM " + table;
        }

        String bringBack() {
            return "UPDATE " + table + " SET " + column + " = ? WHERE " + column + " > ?";
        }
    }

    private static final List<Noted> NOTED = List.of(
            new Noted("sink", "failing_since"),
            new Noted("deferred", "first_failed_at"),
            new Noted("dead_letter", "died_at"),
            new Noted("folder_state", "taken_at"),
            new Noted("whereabouts", "taken_at"));

    private static final String BRING_NEARER = """
            UPDATE deferred SET next_attempt_at = GREATEST(?, DATEADD(MILLISECOND, ?, next_attempt_at))
            WHERE next_attempt_at > ?
            """;

    private final JdbcRunner jdbc;

    StoredMoments(JdbcRunner jdbc) {
        this.jdbc = jdbc;
    }

    /// The latest of all that had come when they were noted.
    Optional<Instant> newest() {
        return NOTED.stream()
                .flatMap(each -> jdbc.queryOne(each.newest(), row -> row.optional(1, Instant.class)).stream())
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
    }

    static void bringBack(JdbcRunner.Tx tx, Hindsight hindsight) {
        var now = hindsight.now();
        NOTED.forEach(each -> tx.update(each.bringBack(), now, now));
        tx.update(BRING_NEARER, now, -hindsight.ahead().toMillis(), now);
    }
}
