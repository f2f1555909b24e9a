package dev.tidemark.store.postgresql;

import dev.tidemark.store.StoreConfig.NodeConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// Time limits of a connection that commits for one of several nodes. The server ends the transaction of a node that is
/// frozen, and the other nodes wait for this.
final class NodeSession {
    /// time for the server to end a transaction, and for other nodes to commit before
    private static final Duration RESERVE = Duration.ofSeconds(5);

    /// leaves out settings that the server does not have
    private static final String LIMIT = """
            SELECT set_config(name, milliseconds, false) FROM (VALUES
                ('lock_timeout', ?::text), ('idle_in_transaction_session_timeout', ?::text),
                ('transaction_timeout', ?::text)) AS wanted (name, milliseconds)
            JOIN pg_settings USING (name)
            """;

    private NodeSession() {}

    /// Limits all waits of the connection.
    static void limit(Connection connection, NodeConfig node) throws SQLException {
        var hold = node.maxHold();
        var wait = hold.plus(RESERVE);
        try (var statement = connection.prepareStatement(LIMIT)) {
            statement.setString(1, milliseconds(wait));
            statement.setString(2, milliseconds(hold));
            // includes the wait for the lock; ends a node that is frozen in the middle of a statement
            statement.setString(3, milliseconds(wait.plus(hold)));
            statement.execute();
        }
    }

    private static String milliseconds(Duration time) {
        return Long.toString(time.toMillis());
    }
}
