package dev.tidemark.store.postgresql;

import dev.tidemark.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Advisory lock of a schema, which one session holds at a time, or the sessions of several nodes together. The server
/// releases it when the session ends.
/// Taken before the tables are created or upgraded, so that only one process changes them. Immutable.
///
/// @param process name of the sessions of a process that uses the store alone; nodes append their name
record StoreLock(String schema, String process) {
    private static final Logger LOG = LoggerFactory.getLogger(StoreLock.class);

    /// Number of further lock timeouts, some minutes, that a node waits while another prepares the tables.
    private static final int PREPARATION_WAITS = 60;

    /// number of all locks of Tidemark, which are global in a database
    private static final int LOCK_CLASS = 1953064045;

    private static final String LOCK = "SELECT pg_advisory_lock(?, ?)";

    private static final String TRY = "SELECT pg_try_advisory_lock(?, ?)";
    private static final String LOCK_SHARED = "SELECT pg_advisory_lock_shared(?, ?)";
    private static final String UNLOCK = "SELECT pg_advisory_unlock(?, ?)";

    private static final String HOLDER = """
            SELECT a.application_name, a.application_name || coalesce(' at ' || host(a.client_addr), '')
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
        requireNone(connection, awaitLock(connection, LOCK));
    }

    /// Takes the lock for the session together with other nodes; a process that uses the store alone excludes all
    /// nodes.
    ///
    /// @throws StoreException if a process keeps it for itself
    void acquireShared(Connection connection) throws SQLException {
        requireNone(connection, awaitLock(connection, LOCK_SHARED));
    }

    /// Takes the lock as [#acquireShared(Connection)] does, when a node opens the store. Waits for another node that
    /// prepares the tables, which may take longer than the lock timeout.
    ///
    /// @param first runs before another node can take the lock, if none has it
    /// @return whether another node has the lock
    /// @throws StoreException if a process keeps it for itself
    boolean acquireShared(Connection connection, Runnable first) throws SQLException {
        var isAlone = select(connection, TRY);
        if (isAlone) {
            first.run();
        }
        var timeout = awaitLock(connection, LOCK_SHARED);
        for (var left = PREPARATION_WAITS; left > 0 && timeout.isPresent() && isKeptByNode(connection); left--) {
            LOG.info("Waiting for another node to prepare the tables");
            timeout = awaitLock(connection, LOCK_SHARED);
        }
        requireNone(connection, timeout);
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

    /// Returns the lock timeout, if another session keeps the lock.
    private Optional<SQLException> awaitLock(Connection connection, String sql) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setInt(1, LOCK_CLASS);
            statement.setInt(2, schema.hashCode());
            statement.execute();
            return Optional.empty();
        } catch (SQLException e) {
            if (PostgresErrors.isLockTimeout(e)) {
                return Optional.of(e);
            }
            throw e;
        }
    }

    private void requireNone(Connection connection, Optional<SQLException> timeout) throws SQLException {
        if (timeout.isPresent()) {
            var holder = holder(connection, 2).orElse("another process");
            throw StoreException.ofUse(
                    "The store is in use by " + holder + "; stop that process, or set a different store.url.",
                    timeout.get());
        }
    }

    /// Returns true if a node keeps the lock for itself, or no session keeps it.
    private boolean isKeptByNode(Connection connection) throws SQLException {
        return holder(connection, 1)
                .filter(name -> !name.startsWith(process + " "))
                .isEmpty();
    }

    private Optional<String> holder(Connection connection, int column) throws SQLException {
        try (var statement = connection.prepareStatement(HOLDER)) {
            statement.setLong(1, LOCK_CLASS);
            statement.setLong(2, Integer.toUnsignedLong(schema.hashCode()));
            try (var result = statement.executeQuery()) {
                return result.next() ? Optional.of(result.getString(column)) : Optional.empty();
            }
        }
    }
}
