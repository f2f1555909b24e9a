package dev.tidemark.store.postgresql;

import dev.tidemark.store.postgresql.NodeChannel.Topic;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// Wakes this node after the commits of others, and the others after its own. Does nothing in a process that uses the
/// store alone. Thread-safe.
final class NodeWakeups implements AutoCloseable {
    private final Optional<CommitAnnouncer> announcer;
    private final Optional<AnnouncementListener> listener;
    private volatile Runnable onLeases = () -> {};

    private NodeWakeups(PostgresConnector connector, Optional<NodeChannel> channel, Runnable onEvents) {
        Map<Topic, Runnable> wakeups = new EnumMap<>(Topic.class);
        wakeups.put(Topic.EVENTS, onEvents);
        wakeups.put(Topic.LEASES, () -> onLeases.run());
        this.announcer = channel.map(each -> new CommitAnnouncer(connector, each));
        this.listener = channel.map(each -> new AnnouncementListener(connector, each, wakeups));
    }

    /// @param onEvents runs after other nodes committed events; must not block
    /// @param isEnabled false for tests that control the times at which a node follows the others
    static NodeWakeups of(PostgresConnector connector, Runnable onEvents, boolean isEnabled) {
        var channel = NodeChannel.of(connector).filter(ignored -> isEnabled);
        return new NodeWakeups(connector, channel, onEvents);
    }

    /// Sets the action after other nodes released leases or posted commands.
    void onLeases(Runnable wake) {
        onLeases = wake;
    }

    /// Records that this node committed events. Never blocks.
    void onCommit() {
        announcer.ifPresent(CommitAnnouncer::onCommit);
    }

    void start() {
        announcer.ifPresent(CommitAnnouncer::start);
        listener.ifPresent(AnnouncementListener::start);
    }

    @Override
    public void close() {
        listener.ifPresent(AnnouncementListener::close);
        announcer.ifPresent(CommitAnnouncer::close);
    }
}
