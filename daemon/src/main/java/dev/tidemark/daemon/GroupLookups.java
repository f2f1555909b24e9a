package dev.tidemark.daemon;

import dev.tidemark.store.model.AttemptId;
import dev.tidemark.subscriber.CallbackUrlFactory;
import java.net.URI;
import java.util.function.UnaryOperator;

/// Connection and callback address of each group, by the configuration in use. Store and subscriber read it on their
/// threads; a reload replaces it. Thread-safe.
final class GroupLookups implements CallbackUrlFactory {
    private volatile UnaryOperator<String> connections;
    private volatile CallbackUrlFactory urls = (attempt, group) -> {
        throw new IllegalStateException("The listener is not open yet.");
    };

    GroupLookups(UnaryOperator<String> connections) {
        this.connections = connections;
    }

    void setConnections(UnaryOperator<String> next) {
        connections = next;
    }

    void setUrls(CallbackUrlFactory next) {
        urls = next;
    }

    /// Returns the connection of a group.
    String connectionOf(String group) {
        return connections.apply(group);
    }

    @Override
    public URI urlFor(AttemptId attempt, String group) {
        return urls.urlFor(attempt, group);
    }
}
