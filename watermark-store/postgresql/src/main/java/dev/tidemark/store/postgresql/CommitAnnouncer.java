package dev.tidemark.store.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Announces the commits of events to the other nodes, on a separate thread and connection, so that no commit waits
/// for it. Announces several commits at once if they follow each other closely. After a failure the other nodes find
/// the commits by polling. Thread-safe.
final class CommitAnnouncer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommitAnnouncer.class);

    /// Time between two announcements: short for a receiver, and long enough for the server under load.
    private static final Duration GAP = Duration.ofMillis(10);

    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration RESPONSE_LIMIT = Duration.ofSeconds(5);

    private final PostgresConnector connector;
    private final NodeChannel channel;
    private final Semaphore commits = new Semaphore(0);
    private final Semaphore stop = new Semaphore(0);
    private final Thread thread = Thread.ofVirtual().name("store-announcer").unstarted(this::run);
    private volatile boolean isStopping;
    private Optional<Connection> open = Optional.empty();
    private boolean hasFailed;

    CommitAnnouncer(PostgresConnector connector, NodeChannel channel) {
        this.connector = connector;
        this.channel = channel;
    }

    void start() {
        thread.start();
    }

    /// Records that events were committed. Never blocks.
    void onCommit() {
        commits.release();
    }

    private void run() {
        try {
            commits.acquire();
            while (!isStopping) {
                commits.drainPermits();
                var pause = announce() ? GAP : RETRY;
                if (!stop.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    commits.acquire();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("Stopped announcing commits");
        }
        drop();
    }

    private boolean announce() {
        try {
            channel.announce(connection(), NodeChannel.Topic.EVENTS);
            if (hasFailed) {
                LOG.info("Commits are announced to the other nodes again");
            }
            hasFailed = false;
            return true;
        } catch (SQLException e) {
            if (!hasFailed) {
                LOG.info(
                        "Failed to announce a commit; other nodes poll for commits until it works: {}", e.getMessage());
            }
            hasFailed = true;
            drop();
            return false;
        }
    }

    private Connection connection() throws SQLException {
        if (open.isEmpty()) {
            var connection = connector.connect(RESPONSE_LIMIT);
            open = Optional.of(connection);
            try (var statement = connection.createStatement()) {
                // an announcement may be lost, so that the server need not force it to disk
                statement.execute("SET synchronous_commit = off");
            }
        }
        return open.get();
    }

    private void drop() {
        try {
            if (open.isPresent()) {
                open.get().close();
            }
        } catch (SQLException e) {
            LOG.debug("Failed to close a connection; dropping it", e);
        }
        open = Optional.empty();
    }

    /// Ends the thread and its connection.
    @Override
    public void close() {
        isStopping = true;
        stop.release();
        commits.release();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
