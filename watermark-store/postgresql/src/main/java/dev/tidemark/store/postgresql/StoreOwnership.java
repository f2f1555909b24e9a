package dev.tidemark.store.postgresql;

import dev.tidemark.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// Ownership of a store by one process, whose connection holds the [StoreLock], or by several nodes together. Each
/// opening by a process that uses the store alone raises an epoch, which every commit compares, so that a process that
/// lost its connection and then its store cannot write.
///
/// @param epoch number of this opening
/// @param commits number of the newest commit
record StoreOwnership(long epoch, long commits, long newestPosition, long prunedTo, long mailboxesTo) {
    private static final String TAKE = """
            UPDATE store_partition SET owner_epoch = owner_epoch + 1 WHERE id = 0
            RETURNING owner_epoch, commits, newest_position, pruned_to, mailboxes_to
            """;
    private static final String READ = """
            SELECT owner_epoch, commits, newest_position, pruned_to, mailboxes_to FROM store_partition WHERE id = 0
            """;

    private static final String LOCK = READ.strip() + " FOR UPDATE";

    /// Takes the store for this process, whose connection holds the lock.
    static StoreOwnership take(Connection connection) throws SQLException {
        return read(connection, TAKE);
    }

    /// Returns the values for a reader, whose connection holds the lock. Raises no epoch, so that the process that
    /// owned the store last can connect again.
    static StoreOwnership look(Connection connection) throws SQLException {
        return read(connection, READ);
    }

    /// Returns the server's current values on a new connection of the same process, which holds the lock.
    ///
    /// @throws StoreException if another process has owned the store since
    StoreOwnership renew(Connection connection) throws SQLException {
        return requireOwn(look(connection));
    }

    /// Excludes the commits of other nodes until the end of the transaction, and returns the current values.
    ///
    /// @throws StoreException if a process has used the store alone since
    StoreOwnership lock(Connection connection) throws SQLException {
        return requireOwn(read(connection, LOCK));
    }

    private StoreOwnership requireOwn(StoreOwnership now) {
        if (now.epoch != epoch) {
            throw lost();
        }
        return now;
    }

    static StoreException lost() {
        return StoreException.permanent(
                "Another Tidemark process has opened this store, so this process can no longer write;"
                        + " stop one process and restart the other.");
    }

    private static StoreOwnership read(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                var result = statement.executeQuery()) {
            if (!result.next()) {
                throw StoreException.permanent(
                        "The table store_partition in PostgreSQL is empty; restore the database from" + " a backup.");
            }
            return new StoreOwnership(
                    result.getLong(1), result.getLong(2), result.getLong(3), result.getLong(4), result.getLong(5));
        }
    }
}
