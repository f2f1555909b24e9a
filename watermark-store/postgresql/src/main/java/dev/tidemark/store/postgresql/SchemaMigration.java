package dev.tidemark.store.postgresql;

import dev.tidemark.store.StoreException;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/// Creates the tables of a store, or upgrades them.
final class SchemaMigration {
    private static final String SCRIPTS = "classpath:db/tidemark/postgresql";

    private SchemaMigration() {}

    /// Must be called while a session holds the [StoreLock].
    ///
    /// @throws StoreException if a later version of Tidemark wrote the tables, or a statement fails
    static void run(PostgresConnector connector) {
        try {
            scripts(connector).load().migrate();
        } catch (FlywayException e) {
            throw ofCause(e);
        }
    }

    /// Returns the settings of the scripts, up to the newest one.
    static FluentConfiguration scripts(PostgresConnector connector) {
        return Flyway.configure()
                .dataSource(
                        connector.patientUrl(),
                        connector.user().getProperty("user"),
                        connector.user().getProperty("password"))
                .defaultSchema(connector.schema())
                .schemas(connector.schema())
                .locations(SCRIPTS)
                .table("schema_history")
                .ignoreMigrationPatterns(new String[0])
                .validateOnMigrate(true);
    }

    private static StoreException ofCause(FlywayException e) {
        return Stream.<Throwable>iterate(e, cause -> cause != null, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(cause -> PostgresErrors.INSTANCE.translate((SQLException) cause))
                .findFirst()
                .orElseGet(() -> new StoreException(
                        "The tables in PostgreSQL cannot be created or upgraded: "
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("no reason given")
                                + "; use the version of Tidemark that wrote them, or another schema.",
                        e));
    }
}
