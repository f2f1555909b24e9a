package dev.tidemark.store.postgresql;

import dev.tidemark.store.StoreConfig;
import java.sql.SQLException;

/// Publishes a complete store by renaming its schema.
final class SchemaRenaming {
    private SchemaRenaming() {}

    /// Drops the schema of `config` with all its tables, if it exists.
    static void drop(StoreConfig config) {
        run(config, "DROP SCHEMA IF EXISTS %s CASCADE".formatted(quoted(config)));
    }

    /// Replaces the empty tables of `config` by the schema of `complete`.
    static void replace(StoreConfig config, StoreConfig complete) {
        run(
                config,
                "DROP SCHEMA %s CASCADE".formatted(quoted(config)),
                "ALTER SCHEMA %s RENAME TO %s".formatted(quoted(complete), quoted(config)));
    }

    private static String quoted(StoreConfig config) {
        return '"' + new PostgresConnector(config).schema().replace("\"", "\"\"") + '"';
    }

    /// Runs statements as one transaction.
    private static void run(StoreConfig config, String... statements) {
        try (var connection = new PostgresConnector(config).connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // the server may take long to remove the files of a large store
            connection.setNetworkTimeout(Runnable::run, 0);
            for (var sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        } catch (SQLException e) {
            throw PostgresErrors.INSTANCE.translate(e);
        }
    }
}
