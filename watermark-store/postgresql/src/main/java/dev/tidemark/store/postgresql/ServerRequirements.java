package dev.tidemark.store.postgresql;

import dev.tidemark.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;

/// Checks that a server can keep a store.
final class ServerRequirements {
    private static final int OLDEST_VERSION = 15;
    private static final int VERSION_UNIT = 10_000;

    private ServerRequirements() {}

    /// @throws StoreException if the server is too old, or does not force its commits
    static void check(Connection connection) throws SQLException {
        var version = Integer.parseInt(setting(connection, "server_version_num")) / VERSION_UNIT;
        if (version < OLDEST_VERSION) {
            throw new StoreException(
                    "PostgreSQL " + version + " is not supported; use version " + OLDEST_VERSION + " or later.");
        }
        requireOn(connection, "fsync", "a power cut would lose acknowledged events");
        requireOn(connection, "full_page_writes", "a power cut could damage the tables");
        requireOn(connection, "synchronous_commit", "a crash would lose acknowledged events");
    }

    private static void requireOn(Connection connection, String name, String consequence) throws SQLException {
        if (!"on".equals(setting(connection, name))) {
            throw new StoreException("PostgreSQL runs with " + name + "=off, so " + consequence + "; set it to on.");
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("SHOW " + name)) {
            result.next();
            return result.getString(1);
        }
    }
}
