package dev.tidemark.watermark;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationState;

/// Brings the tables to the form that this version works with.
final class Schema {
    /// The version of the newest script among the migrations.
    static final String NEWEST = "42";

    private static final String HISTORY = "flyway_schema_history";

    private Schema() {}

    /// A store that is up to date already, as at every start but the first, is left alone: asking Flyway
    /// would take longer than all the rest of opening it.
    ///
    /// @param complete gives the tables what a crash took from them, where a log is beside them: a script
    ///     that
    ///     changes the journal has to find all of it
    /// @throws StoreException if the store has been used by a later version, or cannot be upgraded
    static void upgrade(JdbcRunner jdbc, String user, String password, Runnable complete) {
        if (!isUpToDate(jdbc)) {
            migrate(jdbc, user, password, hasLog(jdbc) ? complete : () -> {});
        }
    }

    private static boolean hasLog(JdbcRunner jdbc) {
        return jdbc.queryOne(
                        "SELECT 1 FROM information_schema.columns WHERE table_name = 'INSTANCE' AND column_name = ?",
                        row -> row.number(1),
                        "LOG_EPOCH")
                .isPresent();
    }

    private static boolean isUpToDate(JdbcRunner jdbc) {
        var known = jdbc.query(
                "SELECT 1 FROM information_schema.tables WHERE table_name = ?", row -> row.number(1), HISTORY);
        return !known.isEmpty()
                && jdbc.queryOne(
                                "SELECT \"version\" FROM \"" + HISTORY
                                        + "\" WHERE \"success\" ORDER BY \"installed_rank\" DESC LIMIT 1",
                                row -> row.text(1))
                        .filter(NEWEST::equals)
                        .isPresent();
    }

    private static void migrate(JdbcRunner jdbc, String user, String password, Runnable complete) {
        try {
            var flyway = Flyway.configure()
                    .loggers("slf4j")
                    .dataSource(jdbc.url(), user, password)
                    .locations("classpath:db/tidemark/h2")
                    .load();
            for (var migration : flyway.info().applied()) {
                if (migration.getState() == MigrationState.FUTURE_SUCCESS) {
                    throw new StoreException("The store was upgraded by a later version of Tidemark, to schema "
                            + migration.getVersion() + "; run that version, or restore a backup.");
                }
            }
            complete.run();
            jdbc.allOrNothing(flyway::migrate);
        } catch (FlywayException e) {
            throw new StoreException(
                    "The store's tables could not be brought up to date: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown error"),
                    e);
        }
    }
}
