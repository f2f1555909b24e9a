package dev.tidemark.store.postgresql;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.transfer.StoreSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;

/// Source that keeps other processes from the store while it is open. Leaves the ownership of the store as it is: a
/// process that has lost its connection meanwhile can write again afterwards. Not thread-safe; used by the thread of
/// a command.
///
/// @param session holds the lock
record OwnedSource(Connection session, PostgresContents contents) implements StoreSource {
    /// @throws StoreException if the database is unreachable, a process uses the store, or there is none
    static OwnedSource open(PostgresConnector connector) {
        try {
            var session = connector.connect();
            try {
                ServerRequirements.check(session);
                connector.lock().acquire(session);
                StoreOwnership.look(session);
                return new OwnedSource(session, PostgresContents.open(connector));
            } catch (SQLException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (SQLException e) {
            throw PostgresErrors.INSTANCE.translate(e);
        }
    }

    @Override
    public long read(Consumer<Change> sink) {
        return contents.read(sink);
    }

    @Override
    public void close() {
        try (session) {
            contents.close();
        } catch (SQLException e) {
            throw PostgresErrors.INSTANCE.translate(e);
        }
    }
}
