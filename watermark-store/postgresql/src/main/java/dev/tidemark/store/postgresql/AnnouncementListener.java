package dev.tidemark.store.postgresql;

import dev.tidemark.store.postgresql.NodeChannel.Topic;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Receives the announcements of other nodes on a separate thread and connection, and wakes the work that waits for
/// them. Connects again after a failure; until then, that work polls. Thread-safe.
final class AnnouncementListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AnnouncementListener.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /// Time without an announcement after which the connection is checked.
    private static final Duration CHECK = Duration.ofSeconds(5);

    private final PostgresConnector connector;
    private final NodeChannel channel;
    private final Map<Topic, Runnable> wakeups;
    private final AtomicReference<Optional<Connection>> open = new AtomicReference<>(Optional.empty());
    private final Semaphore stop = new Semaphore(0);
    private final Thread thread = Thread.ofVirtual().name("store-listener").unstarted(this::run);
    private volatile boolean isStopping;
    private boolean hasFailed;

    /// @param wakeups called on the thread of this listener; must not block
    AnnouncementListener(PostgresConnector connector, NodeChannel channel, Map<Topic, Runnable> wakeups) {
        this.connector = connector;
        this.channel = channel;
        this.wakeups = new EnumMap<>(wakeups);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            do {
                listen();
            } while (!isStopping && !stop.tryAcquire(RETRY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.debug("Stopped listening to other nodes");
        }
    }

    /// Listens until the connection fails, or this is closed.
    private void listen() {
        try (var connection = connector.connect(CHECK)) {
            open.set(Optional.of(connection));
            channel.listen(connection);
            if (hasFailed) {
                LOG.info("This node receives the announcements of other nodes again");
            }
            hasFailed = false;
            // announcements may have been lost before
            wakeups.values().forEach(Runnable::run);
            while (!isStopping) {
                receive(connection);
            }
        } catch (SQLException e) {
            if (!hasFailed && !isStopping) {
                LOG.info(
                        "Lost the connection for announcements of other nodes; polling until it works: {}",
                        e.getMessage());
            }
            hasFailed = true;
        } finally {
            open.set(Optional.empty());
        }
    }

    private void receive(Connection connection) throws SQLException {
        var topics = channel.await(connection, Math.toIntExact(CHECK.toMillis()));
        for (var topic : topics) {
            wakeups.getOrDefault(topic, () -> {}).run();
        }
        if (topics.isEmpty()) {
            channel.listen(connection);
        }
    }

    /// Ends the thread and its connection.
    @Override
    public void close() {
        isStopping = true;
        stop.release();
        open.get().ifPresent(AnnouncementListener::abort);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends a connection that another thread reads from.
    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("Failed to end a connection; dropping it", e);
        }
    }
}
