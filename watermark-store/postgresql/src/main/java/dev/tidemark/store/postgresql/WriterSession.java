package dev.tidemark.store.postgresql;

import dev.tidemark.store.StoreConfig.NodeConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.lease.LeaseStore.LeaseLostException;
import dev.tidemark.store.sql.StoreThreadPools;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// Session of the [StoreWriter], which a new one replaces after a failure. Keeps the [StoreLock] while it lives. Used
/// under the rules' write lock; any thread asks whether it has failed.
final class WriterSession implements AutoCloseable {
    /// time for which a failed attempt to connect answers for the next ones
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final PostgresConnector connector;
    private final StoreThreadPools threads;
    private final JournalDays days;
    private final NodeUse use;
    private final StoreOwnership ownership;
    private final AtomicLong reconnects = new AtomicLong();
    private StoreWriter writer;
    private volatile boolean hasFailed;
    private volatile boolean isDiskFull;
    private Optional<FailedAttempt> failedAttempt = Optional.empty();

    /// Failure of an attempt to connect, by [System#nanoTime].
    private record FailedAttempt(StoreException failure, long at) {}

    /// Use of the store, by this process alone or by several nodes.
    ///
    /// @param id name of this node and its opening, in its commits; empty if the process uses the store alone
    /// @param isShared whether other nodes used the store when this one opened it
    private record NodeUse(Optional<String> id, boolean isShared) {
        static NodeUse open(PostgresConnector connector, Connection connection, SchemaPreparation tables)
                throws SQLException {
            if (connector.node().isEmpty()) {
                connector.lock().acquire(connection);
                tables.prepare(connector);
                return new NodeUse(Optional.empty(), false);
            }
            var isShared = connector.lock().acquireShared(connection, () -> tables.prepare(connector));
            if (isShared) {
                tables.prepare(connector);
            }
            var id = connector.node().map(NodeConfig::name).orElseThrow() + " " + UUID.randomUUID();
            return new NodeUse(Optional.of(id), isShared);
        }
    }

    /// Statements on the connection.
    @FunctionalInterface
    interface WriterTask<T> {
        T run(StoreWriter writer) throws SQLException;
    }

    /// Decision about the state that a new connection finds.
    @FunctionalInterface
    interface StateAdoption {
        /// Returns whether the last commit before the failure is stored.
        ///
        /// @throws StoreException if this process must not write to that state
        boolean adopt(Connection connection, StoreOwnership now) throws SQLException;
    }

    private WriterSession(
            PostgresConnector connector,
            StoreThreadPools threads,
            JournalDays days,
            NodeUse use,
            StoreOwnership ownership,
            StoreWriter writer) {
        this.connector = connector;
        this.threads = threads;
        this.days = days;
        this.use = use;
        this.ownership = ownership;
        this.writer = writer;
    }

    /// Opens the connection, and prepares the tables once it has the lock.
    ///
    /// @throws SQLException if the server is unreachable
    static WriterSession open(
            PostgresConnector connector, SchemaPreparation tables, StoreThreadPools threads, JournalDays days)
            throws SQLException {
        var connection = connector.connect();
        try {
            ServerRequirements.check(connection);
            var use = NodeUse.open(connector, connection, tables);
            limit(connector, connection);
            var ownership = use.id().isPresent() ? StoreOwnership.look(connection) : StoreOwnership.take(connection);
            days.load(connection);
            var writer = new StoreWriter(connection, ownership, days, use.id(), ownership.commits());
            return new WriterSession(connector, threads, days, use, ownership, writer);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static void limit(PostgresConnector connector, Connection connection) throws SQLException {
        if (connector.node().isPresent()) {
            NodeSession.limit(connection, connector.node().get());
        }
    }

    /// Returns the ownership that the opening acquired.
    StoreOwnership ownership() {
        return ownership;
    }

    /// Returns the name of this node in its commits; empty if the process uses the store alone.
    Optional<String> node() {
        return use.id();
    }

    /// Returns whether other nodes used the store when this one opened it.
    boolean isInUse() {
        return use.isShared();
    }

    /// Returns the number of the newest commit that memory includes.
    long commits() {
        return writer.commits();
    }

    /// Records that memory includes the commit with this number.
    void reach(long number) {
        writer.reach(number);
    }

    /// Runs statements on the store's writing thread. The connection ends if they fail.
    <T> T run(WriterTask<T> task) {
        return threads.write(() -> {
            try {
                return task.run(writer);
            } catch (SQLException e) {
                isDiskFull = PostgresErrors.isDiskFull(e);
                fail();
                throw PostgresErrors.INSTANCE.translate(e);
            } catch (LeaseLostException e) {
                // the transaction has ended, and the connection is good
                throw e;
            } catch (RuntimeException | Error e) {
                fail();
                throw e;
            }
        });
    }

    private void fail() {
        hasFailed = true;
        writer.close();
    }

    boolean hasFailed() {
        return hasFailed;
    }

    /// Returns whether the session failed because the server's disk is full.
    boolean isDiskFull() {
        return isDiskFull;
    }

    /// Returns the number of times that it has connected again.
    long reconnects() {
        return reconnects.get();
    }

    /// Connects again after a failure; returns whether the last commit before it is stored.
    ///
    /// @throws StoreException if the server is unreachable, or another process has taken the store
    boolean repair(StateAdoption adoption) {
        var now = System.nanoTime();
        var recent = failedAttempt.filter(attempt -> now - attempt.at() < PAUSE.toNanos());
        if (recent.isPresent()) {
            throw recent.get().failure();
        }
        try {
            var isStored = threads.write(() -> reconnect(adoption));
            failedAttempt = Optional.empty();
            reconnects.incrementAndGet();
            isDiskFull = false;
            hasFailed = false;
            return isStored;
        } catch (StoreException e) {
            failedAttempt = Optional.of(new FailedAttempt(e, System.nanoTime()));
            throw e;
        }
    }

    /// The lock of a process that uses the store alone is free only when the old connection has ended, so the old
    /// transaction can no longer commit. The next commit of a node waits for the old transaction.
    private boolean reconnect(StateAdoption adoption) {
        try {
            var connection = connector.connect();
            try {
                ServerRequirements.check(connection);
                if (node().isPresent()) {
                    connector.lock().acquireShared(connection);
                } else {
                    connector.lock().acquire(connection);
                }
                limit(connector, connection);
                if (isDiskFull) {
                    FreeSpaceCheck.run(connection);
                }
                var now = ownership.renew(connection);
                days.load(connection);
                var isStored = adoption.adopt(connection, now);
                var commits = node().isPresent() ? writer.commits() : now.commits();
                writer = new StoreWriter(connection, ownership, days, node(), commits);
                return isStored;
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            isDiskFull = PostgresErrors.isDiskFull(e);
            throw PostgresErrors.INSTANCE.translate(e);
        }
    }

    @Override
    public void close() {
        writer.close();
    }
}
