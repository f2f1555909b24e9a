package dev.tidemark.store.postgresql;

import dev.tidemark.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// Ownership of a store by one process. Its connection holds an advisory lock, which the server releases when the
/// connection ends. Each opening raises an epoch, which every commit compares, so that a process that lost its
/// connection and then its store cannot write.
///
/// @param epoch number of this opening
/// @param commits number of the newest commit
record StoreOwnership(long epoch, long commits, long newestPosition, long prunedTo, long mailboxesTo) {
    /// number of all locks of Tidemark; they are global in a database, so the table's id names the store
    private static final String LOCK_CLASS = "1953064045";

    private static final String LOCK =
            "SELECT pg_advisory_lock(" + LOCK_CLASS + ", 'store_partition'::regclass::oid::int)";

    private static final String HOLDER = """
            SELECT a.application_name || coalesce(' at ' || host(a.client_addr), '')
            FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.classid = CLASS
            AND l.objid = 'store_partition'::regclass::oid AND l.granted
            """.replace("CLASS", LOCK_CLASS);

    private static final String TAKE = """
            UPDATE store_partition SET owner_epoch = owner_epoch + 1 WHERE id = 0
            RETURNING owner_epoch, commits, newest_position, pruned_to, mailboxes_to
            """;
    private static final String READ = """
            SELECT owner_epoch, commits, newest_position, pruned_to, mailboxes_to FROM store_partition WHERE id = 0
            """;

    /// Takes the store for this process.
    ///
    /// @throws StoreException if another process keeps it
    static StoreOwnership take(Connection connection) throws SQLException {
        lock(connection);
        return read(connection, TAKE);
    }

    /// Locks the store again on a new connection of the same process, and returns the server's current values.
    ///
    /// @throws StoreException if another process owns it or has owned it since
    StoreOwnership renew(Connection connection) throws SQLException {
        lock(connection);
        var now = read(connection, READ);
        if (now.epoch != epoch) {
            throw lost();
        }
        return now;
    }

    static StoreException lost() {
        return new StoreException("Another Tidemark process has opened this store, so this process can no longer write;"
                + " stop one process and restart the other.");
    }

    /// Waits as long as the session's lock timeout: the server may need seconds to detect the end of a process.
    private static void lock(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(LOCK);
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

    private static String holder(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(HOLDER)) {
            return result.next() ? result.getString(1) : "another process";
        }
    }

    private static StoreOwnership read(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                var result = statement.executeQuery()) {
            if (!result.next()) {
                throw new StoreException(
                        "The table store_partition in PostgreSQL is empty; restore the database from" + " a backup.");
            }
            return new StoreOwnership(
                    result.getLong(1), result.getLong(2), result.getLong(3), result.getLong(4), result.getLong(5));
        }
    }
}
