package dev.tidemark.store.postgresql;

import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseLostException;
import java.sql.Connection;
import java.sql.SQLException;

/// Refuses a transaction that is made under a lease which another node has taken. The row stays locked until
/// the end of the transaction, so that no node takes the lease before the commit. Called by the committing
/// thread.
final class LeaseFence {
    private static final String REQUIRE = "SELECT 1 FROM lease WHERE resource = ? AND number = ? FOR SHARE";

    private LeaseFence() {}

    /// Requires that `lease` is the newest one of its resource.
    ///
    /// @throws LeaseLostException if it is not; then the transaction must be rolled back
    static void require(Connection connection, Lease lease) throws SQLException {
        try (var statement = connection.prepareStatement(REQUIRE)) {
            statement.setString(1, lease.resource());
            statement.setLong(2, lease.number());
            try (var result = statement.executeQuery()) {
                if (!result.next()) {
                    throw new LeaseLostException(lease);
                }
            }
        }
    }
}
