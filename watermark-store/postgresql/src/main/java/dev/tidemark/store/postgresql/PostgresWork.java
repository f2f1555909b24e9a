package dev.tidemark.store.postgresql;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.ForeignCommitSink;
import dev.tidemark.store.engine.UnitOfWork;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseLostException;
import dev.tidemark.store.sql.StoreThreadPools;
import dev.tidemark.values.DurationHistogram;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Commits changes as transactions. After a failure it connects again, and learns from the number of the newest
/// commit whether the last one took place. A node that shares the store follows that commit like those of other nodes.
/// Used under the rules' write lock.
final class PostgresWork implements UnitOfWork, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresWork.class);

    /// number of foreign commits that a node reads at once, or while other nodes wait for it
    private static final int FOLLOWED_AT_ONCE = 200;

    private final WriterSession session;
    private final DurationHistogram syncs = DurationHistogram.ofOperations();
    /// node that made the newest commit that memory includes; empty while it is unknown
    private Optional<String> newestBy = Optional.empty();
    private boolean hasBegun;
    private long unconfirmedPosition;
    private boolean isUnconfirmed;
    private volatile Runnable onAppended = () -> {};
    private volatile long newestPosition;
    private volatile long prunedTo;
    private volatile long mailboxesTo;

    private PostgresWork(WriterSession session) {
        this.session = session;
        reach(session.ownership());
    }

    private void reach(StoreOwnership now) {
        newestPosition = now.newestPosition();
        prunedTo = now.prunedTo();
        mailboxesTo = now.mailboxesTo();
    }

    /// Opens the connection that owns the store, and prepares the tables once it does.
    ///
    /// @throws SQLException if the server is unreachable
    static PostgresWork open(
            PostgresConnector connector, SchemaPreparation tables, StoreThreadPools threads, JournalDays days)
            throws SQLException {
        return new PostgresWork(WriterSession.open(connector, tables, threads, days));
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

    /// Returns the position up to which the rows of the mailboxes include the journal.
    long mailboxesTo() {
        return mailboxesTo;
    }

    /// Sets the action after each commit of events. It runs under the write lock and must not block.
    void onAppended(Runnable action) {
        onAppended = action;
    }

    /// Returns whether other nodes used the store when this one opened it.
    boolean isInUse() {
        return session.isInUse();
    }

    @Override
    public boolean isShared() {
        return session.node().isPresent();
    }

    @Override
    public boolean begin(ForeignCommitSink sink) {
        while (isShared()) {
            hasBegun = true;
            var newer = session.run(writer -> writer.lock(FOLLOWED_AT_ONCE));
            if (newer.now().commits() - session.commits() <= FOLLOWED_AT_ONCE) {
                return cancelUnless(() -> follow(newer, sink));
            }
            // other nodes need not wait while this one follows them for long
            cancel();
            if (!poll(sink)) {
                return false;
            }
        }
        return true;
    }

    /// Returns the result of `task`; ends the transaction if it is false, or a failure.
    private boolean cancelUnless(BooleanSupplier task) {
        var done = false;
        try {
            done = task.getAsBoolean();
            return done;
        } finally {
            if (!done) {
                cancel();
            }
        }
    }

    @Override
    public boolean poll(ForeignCommitSink sink) {
        while (isShared()) {
            var newer = session.run(writer -> writer.look(FOLLOWED_AT_ONCE));
            if (!follow(newer, sink)) {
                return false;
            }
            if (session.commits() >= newer.now().commits()) {
                return true;
            }
        }
        return true;
    }

    /// Applies commits of other nodes; returns false if some of them are not kept any more.
    private boolean follow(StoreWriter.NewerCommits newer, ForeignCommitSink sink) {
        var now = newer.now();
        if (now.commits() < session.commits()) {
            throw isBehind();
        }
        for (var commit : newer.commits()) {
            if (commit.number() != session.commits() + 1) {
                return restart();
            }
            publish(commit.newestPosition(), commit.changes());
            sink.apply(commit.changes(), commit.newestPosition());
            session.reach(commit.number());
            newestBy = Optional.of(commit.node());
        }
        mailboxesTo = now.mailboxesTo();
        return now.commits() <= session.commits() || !newer.commits().isEmpty() || restart();
    }

    /// Continues from the current state, which memory must read again; returns false.
    private boolean restart() {
        reach(session.run(StoreWriter::restart));
        newestBy = Optional.empty();
        return false;
    }

    @Override
    public void cancel() {
        if (hasBegun && !session.hasFailed()) {
            try {
                session.run(writer -> {
                    writer.cancel();
                    return true;
                });
            } catch (StoreException e) {
                LOG.debug("Failed to end a transaction; its connection is dropped", e);
            }
        }
        hasBegun = false;
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
        hasBegun = false;
        try {
            session.run(writer -> {
                var started = System.nanoTime();
                writer.commit(lease, changes, newest);
                syncs.recordNanos(System.nanoTime() - started);
                return true;
            });
        } catch (LeaseLostException e) {
            isUnconfirmed = false;
            throw e;
        }
        isUnconfirmed = false;
        newestBy = session.node();
        if (isShared() && mailboxesTo == newestPosition) {
            mailboxesTo = newest;
        }
        var hasEvents = newest > newestPosition;
        publish(newest, changes);
        if (hasEvents) {
            onAppended.run();
        }
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
        session.run(writer -> {
            writer.saveCheckpoint(position);
            return true;
        });
        mailboxesTo = Math.max(mailboxesTo, position);
    }

    /// Drops the days of the journal that retention has emptied.
    void dropDays() {
        session.run(writer -> {
            writer.dropDays(prunedTo);
            return true;
        });
    }

    /// Removes the commits that nodes no longer need.
    void pruneCommits() {
        session.run(writer -> {
            writer.pruneCommits();
            return true;
        });
    }

    /// Returns the number of times that [#repair] has connected again.
    long reconnects() {
        return session.reconnects();
    }

    @Override
    public boolean hasFailed() {
        return session.hasFailed();
    }

    /// Returns whether the last failure was a full disk of the server.
    boolean isDiskFull() {
        return session.isDiskFull();
    }

    /// @throws StoreException if the server is unreachable, or another process has taken the store
    @Override
    public boolean repair() {
        return session.hasFailed() && session.repair(isShared() ? this::adoptShared : this::adopt);
    }

    /// Follows the server's state; returns whether the unconfirmed commit is stored.
    ///
    /// @throws StoreException if the server has lost commits that this process knows
    private boolean adopt(Connection connection, StoreOwnership now) {
        var commits = session.commits();
        if (now.commits() == commits && now.newestPosition() == newestPosition) {
            isUnconfirmed = false;
            return false;
        }
        if (!isUnconfirmed || now.commits() != commits + 1 || now.newestPosition() != unconfirmedPosition) {
            throw isBehind();
        }
        LOG.info("Reconnected; the last commit before the failure is stored");
        isUnconfirmed = false;
        newestPosition = unconfirmedPosition;
        prunedTo = now.prunedTo();
        return true;
    }

    /// Returns false: memory learns of an unconfirmed commit as of those of other nodes.
    ///
    /// @throws StoreException if the server has lost commits that memory includes
    private boolean adoptShared(Connection connection, StoreOwnership now) throws SQLException {
        isUnconfirmed = false;
        hasBegun = false;
        // another node may have made new commits with the numbers of lost ones
        var by = SharedCommit.nodeOf(connection, session.commits());
        var isOther = by.isPresent() && newestBy.isPresent() && !by.equals(newestBy);
        if (now.commits() < session.commits() || isOther) {
            throw isBehind();
        }
        return false;
    }

    private static StoreException isBehind() {
        return StoreException.permanent(
                "PostgreSQL has an older state than this process, for example after a fail-over to"
                        + " an asynchronous standby; restart Tidemark, and request a resync of all mailboxes.");
    }

    @Override
    public void close() {
        session.close();
    }
}
