package dev.tidemark.store.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/// Announcements between the nodes of one schema, by `NOTIFY`. They carry no data and may be lost: a node that
/// receives one reads the tables sooner than it would have. Immutable.
///
/// @param node name of this node, which ignores its own announcements
record NodeChannel(String schema, String node) {
    private static final String NOTIFY = "SELECT pg_notify(?, ?)";

    /// Subject of an announcement.
    enum Topic {
        /// a node committed events
        EVENTS,
        /// a node released leases, or has a command for the holder of one
        LEASES
    }

    /// Returns the channel of a node; empty for a process that uses the store alone.
    static Optional<NodeChannel> of(PostgresConnector connector) {
        return connector.node().map(node -> new NodeChannel(connector.schema(), node.name()));
    }

    /// Returns a name that other schemas of the database do not use, and that is short enough for the server.
    private String name() {
        return "tidemark_" + Integer.toHexString(schema.hashCode());
    }

    /// Sends an announcement as a separate transaction. Must not be called within another one: `NOTIFY` takes a lock
    /// of the whole server until the end of its transaction.
    void announce(Connection connection, Topic topic) throws SQLException {
        try (var statement = connection.prepareStatement(NOTIFY)) {
            statement.setString(1, name());
            statement.setString(2, topic.name() + " " + node);
            statement.execute();
        }
    }

    /// Begins to receive announcements, or checks that the server still sends them.
    void listen(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("LISTEN " + name());
        }
    }

    /// Waits at most `milliseconds` for announcements of other nodes; returns their topics.
    List<Topic> await(Connection connection, int milliseconds) throws SQLException {
        var received = connection.unwrap(PGConnection.class).getNotifications(milliseconds);
        return Arrays.stream(received)
                .flatMap(each -> topic(each.getParameter()))
                .distinct()
                .toList();
    }

    private Stream<Topic> topic(String text) {
        return Arrays.stream(Topic.values())
                .filter(topic -> text.startsWith(topic.name() + " ") && !text.equals(topic.name() + " " + node));
    }
}
