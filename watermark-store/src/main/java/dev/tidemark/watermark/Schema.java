package dev.tidemark.watermark;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationState;

/// Brings the tables to the form that this version works with.
final class Schema {
    private Schema() {}

    /// @throws StoreException if the store has been used by a later version, or cannot be upgraded
    static void upgrade(String url, String user, String password) {
        try {
            var flyway = Flyway.configure()
                    .loggers("slf4j")
                    .dataSource(url, user, password)
                    .locations("classpath:db/tidemark/h2")
                    .load();
            for (var migration : flyway.info().applied()) {
                if (migration.getState() == MigrationState.FUTURE_SUCCESS) {
                    throw new StoreException("The store was upgraded by a later version of Tidemark, to schema "
                            + migration.getVersion() + "; run that version, or restore a backup.");
                }
            }
            flyway.migrate();
        } catch (FlywayException e) {
            throw new StoreException(
                    "The store's tables could not be brought up to date: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown error"),
                    e);
        }
    }
}
