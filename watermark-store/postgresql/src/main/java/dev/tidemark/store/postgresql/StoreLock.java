package dev.tidemark.store.postgresql;

import dev.tidemark.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;

/// Advisory lock of a schema, which one session holds at a time, or the sessions of several nodes together. The server
/// releases it when the session ends.
/// Taken before the tables are created or upgraded, so that only one process changes them. Immutable.
record StoreLock(String schema) {
    /// number of all locks of Tidemark, which are global in a database
    private static final int LOCK_CLASS = 1953064045;

    private static final String LOCK = "SELECT pg_advisory_lock(?, ?)";

    private static final String TRY = "SELECT pg_try_advisory_lock(?, ?)";
    private static final String LOCK_SHARED = "SELECT pg_advisory_lock_shared(?, ?)";
    private static final String UNLOCK = "SELECT pg_advisory_unlock(?, ?)";

    private static final String HOLDER = """
            SELECT a.application_name || coalesce(' at ' || host(a.client_addr), '')
            FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND l.classid = ?::bigint::oid AND l.objid = ?::bigint::oid
            """;

    /// Takes the lock for the session. Waits as long as the session's lock timeout: the server may need seconds to
    /// detect the end of a process.
    ///
    /// @throws StoreException if another session keeps it
    void acquire(Connection connection) throws SQLException {
        acquire(connection, LOCK);
    }

    /// Takes the lock for the session together with other nodes; a process that uses the store alone excludes all
    /// nodes.
    ///
    /// @param first runs before another node can take the lock, if none has it
    /// @return whether another node has the lock
    /// @throws StoreException if a process keeps it for itself
    boolean acquireShared(Connection connection, Runnable first) throws SQLException {
        var isAlone = select(connection, TRY);
        if (isAlone) {
            first.run();
        }
        acquire(connection, LOCK_SHARED);
        if (isAlone) {
            select(connection, UNLOCK);
        }
        return !isAlone;
    }

    private boolean select(Connection connection, String sql) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setInt(1, LOCK_CLASS);
            statement.setInt(2, schema.hashCode());
            try (var result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    private void acquire(Connection connection, String sql) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setInt(1, LOCK_CLASS);
            statement.setInt(2, schema.hashCode());
            statement.execute();
        } catch (SQLException e) {
            if (PostgresErrors.isLockTimeout(e)) {
                throw StoreException.ofUse(
                        "The store is in use by " + holder(connection)
                                + "; stop that process, or set a different store.url.",
                        e);
            }
            throw e;
        }
    }

    private String holder(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(HOLDER)) {
            statement.setLong(1, LOCK_CLASS);
            statement.setLong(2, Integer.toUnsignedLong(schema.hashCode()));
            try (var result = statement.executeQuery()) {
                return result.next() ? result.getString(1) : "another process";
            }
        }
    }
}
