package dev.tidemark.store.sql;

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

    private final SqlReader sql;

    NewestTimes(SqlReader sql) {
        this.sql = sql;
    }

    @Override
    public Optional<Instant> newest() {
        return NOTED.stream()
                .flatMap(each -> sql.queryOne(each.newest(), row -> row.optionalInstant(1)).stream())
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
    }
}
