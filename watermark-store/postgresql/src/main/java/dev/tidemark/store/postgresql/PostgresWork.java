package dev.tidemark.store.postgresql;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.UnitOfWork;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseLostException;
import dev.tidemark.store.sql.StoreThreadPools;
import dev.tidemark.values.DurationHistogram;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Commits changes as transactions. After a failure it connects again, and learns from the number of the newest
/// commit whether the last one took place. Used under the rules' write lock.
final class PostgresWork implements UnitOfWork, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresWork.class);

    /// time for which a failed attempt to connect answers for the next ones
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /// Failure of an attempt to connect, by [System#nanoTime].
    private record FailedAttempt(StoreException failure, long at) {}

    private final PostgresConnector connector;
    private final StoreThreadPools threads;
    private final StoreOwnership ownership;
    private final JournalDays days;
    private final DurationHistogram syncs = DurationHistogram.ofOperations();
    private StoreWriter writer;
    private long unconfirmedPosition;
    private boolean isUnconfirmed;
    private volatile long newestPosition;
    private volatile long prunedTo;
    private volatile boolean hasFailed;
    private final AtomicLong reconnects = new AtomicLong();
    private Optional<FailedAttempt> failedAttempt = Optional.empty();

    /// @param writer connection that owns the store
    PostgresWork(
            PostgresConnector connector,
            StoreThreadPools threads,
            StoreOwnership ownership,
            StoreWriter writer,
            JournalDays days) {
        this.connector = connector;
        this.threads = threads;
        this.ownership = ownership;
        this.writer = writer;
        this.days = days;
        this.newestPosition = ownership.newestPosition();
        this.prunedTo = ownership.prunedTo();
    }

    /// Opens the connection that owns the store, and prepares the tables once it does.
    ///
    /// @throws SQLException if the server is unreachable
    static PostgresWork open(
            PostgresConnector connector, SchemaPreparation tables, StoreThreadPools threads, JournalDays days)
            throws SQLException {
        var connection = connector.connect();
        try {
            ServerRequirements.check(connection);
            connector.lock().acquire(connection);
            tables.prepare(connector);
            var ownership = StoreOwnership.take(connection);
            days.load(connection);
            return new PostgresWork(connector, threads, ownership, new StoreWriter(connection, ownership, days), days);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /// Returns the ownership that the opening acquired.
    StoreOwnership ownership() {
        return ownership;
    }

    /// Returns the durations of committed transactions.
    DurationHistogram.Reading syncs() {
        return syncs.reading();
    }

    long newestPosition() {
        return newestPosition;
    }

    long prunedTo() {
        return prunedTo;
    }

    @Override
    public void commit(List<Change> changes, Instant at) {
        commitUpTo(changes, newestAfter(changes));
    }

    @Override
    public void commitUnder(Lease lease, List<Change> changes, Instant at) {
        commit(Optional.of(lease), changes, newestAfter(changes));
    }

    /// Commits changes as [#commit] does, and leaves out positions.
    ///
    /// @param newest position after which the next one is assigned
    void commitUpTo(List<Change> changes, long newest) {
        commit(Optional.empty(), changes, newest);
    }

    private void commit(Optional<Lease> lease, List<Change> changes, long newest) {
        unconfirmedPosition = newest;
        isUnconfirmed = true;
        onWriter(() -> {
            var started = System.nanoTime();
            writer.commit(lease, changes, newest);
            syncs.recordNanos(System.nanoTime() - started);
        });
        isUnconfirmed = false;
        publish(newest, changes);
    }

    private long newestAfter(List<Change> changes) {
        var newest = newestPosition;
        for (var change : changes) {
            if (change instanceof Change.JournalAppended(var row)) {
                newest = Math.max(newest, row.end());
            }
        }
        return newest;
    }

    private void publish(long newest, List<Change> changes) {
        newestPosition = newest;
        for (var change : changes) {
            if (change instanceof Change.JournalPruned(var upTo)) {
                prunedTo = Math.max(prunedTo, upTo);
            }
        }
    }

    /// Records that the rows of the mailboxes include the journal up to `position`.
    void saveCheckpoint(long position) {
        onWriter(() -> writer.saveCheckpoint(position));
    }

    /// Drops the days of the journal that retention has emptied.
    void dropDays() {
        onWriter(() -> writer.dropDays(prunedTo));
    }

    /// Statements on the writing connection.
    @FunctionalInterface
    private interface WriterTask {
        void run() throws SQLException;
    }

    private void onWriter(WriterTask task) {
        threads.write(() -> {
            try {
                task.run();
                return true;
            } catch (SQLException e) {
                fail();
                throw PostgresErrors.INSTANCE.translate(e);
            } catch (LeaseLostException e) {
                isUnconfirmed = false;
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

    /// Returns the number of times that [#repair] has connected again.
    long reconnects() {
        return reconnects.get();
    }

    @Override
    public boolean hasFailed() {
        return hasFailed;
    }

    /// @throws StoreException if the server is unreachable, or another process has taken the store
    @Override
    public boolean repair() {
        if (!hasFailed) {
            return false;
        }
        var now = System.nanoTime();
        var recent = failedAttempt.filter(attempt -> now - attempt.at() < PAUSE.toNanos());
        if (recent.isPresent()) {
            throw recent.get().failure();
        }
        try {
            var tookPlace = threads.write(this::reconnect);
            failedAttempt = Optional.empty();
            reconnects.incrementAndGet();
            hasFailed = false;
            return tookPlace;
        } catch (StoreException e) {
            failedAttempt = Optional.of(new FailedAttempt(e, System.nanoTime()));
            throw e;
        }
    }

    /// Connects again; returns whether the unconfirmed commit took place. The lock is free only when the old
    /// connection has ended, so the old transaction can no longer commit.
    private boolean reconnect() {
        try {
            var connection = connector.connect();
            try {
                ServerRequirements.check(connection);
                connector.lock().acquire(connection);
                var now = ownership.renew(connection);
                days.load(connection);
                var isStored = adopt(now);
                writer = new StoreWriter(connection, now, days);
                return isStored;
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw PostgresErrors.INSTANCE.translate(e);
        }
    }

    /// Follows the server's state; returns whether the unconfirmed commit is stored.
    ///
    /// @throws StoreException if the server has lost commits that this process knows
    private boolean adopt(StoreOwnership now) {
        var commits = writer.commits();
        if (now.commits() == commits && now.newestPosition() == newestPosition) {
            isUnconfirmed = false;
            return false;
        }
        if (!isUnconfirmed || now.commits() != commits + 1 || now.newestPosition() != unconfirmedPosition) {
            throw new StoreException("PostgreSQL has an older state than this process, for example after a fail-over to"
                    + " an asynchronous standby; restart Tidemark, and request a resync of all mailboxes.");
        }
        LOG.info("Reconnected; the last commit before the failure is stored");
        isUnconfirmed = false;
        newestPosition = unconfirmedPosition;
        prunedTo = now.prunedTo();
        return true;
    }

    @Override
    public void close() {
        writer.close();
    }
}
