package dev.tidemark.store.embedded;

import dev.tidemark.store.engine.TimeQueries;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads the newest timestamps in the tables.
final class NewestTimes implements TimeQueries {
    private record Noted(String table, String column) {
        String newest() {
            return "SELECT MAX(" + column + ") FROM " + table;
        }
    }

    private static final List<Noted> NOTED = List.of(
            new Noted("sink", "failing_since"),
            new Noted("deferred", "first_failed_at"),
            new Noted("dead_letter", "died_at"),
            new Noted("folder_state", "taken_at"),
            new Noted("whereabouts", "taken_at"));

    private final JdbcRunner jdbc;

    NewestTimes(JdbcRunner jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Instant> newest() {
        return NOTED.stream()
                .flatMap(each -> jdbc.queryOne(each.newest(), row -> row.optional(1, Instant.class)).stream())
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
    }
}
