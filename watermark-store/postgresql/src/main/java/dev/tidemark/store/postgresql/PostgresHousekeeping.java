package dev.tidemark.store.postgresql;

import dev.tidemark.store.rules.StoreUpkeep;
import dev.tidemark.store.sql.PeriodicTask;
import java.time.Duration;
import java.util.List;

/// Runs the periodic work of the store on a separate thread: connects again, saves heartbeats, saves mailboxes so
/// that a start reads little of the journal, and drops the days that retention has emptied.
final class PostgresHousekeeping implements AutoCloseable {
    private static final Duration MAX_BACKOFF = Duration.ofMinutes(5);

    /// number of events after which the mailboxes are saved, which a start reads in less than a second
    private static final long CHECKPOINT_EVENTS = 20_000;

    /// each attempt on a day in use delays commits by up to 100 ms
    private static final int DROP_TICKS = 30;

    /// commits wait while old ones are removed, so that few must be removed at once
    private static final int PRUNE_TICKS = 5;

    private final PostgresWork work;
    private final StoreUpkeep upkeep;
    private final PeriodicThread thread;
    private long ticks;

    PostgresHousekeeping(PostgresWork work, StoreUpkeep upkeep, Duration pause) {
        this.work = work;
        this.upkeep = upkeep;
        var tasks = List.of(
                new PeriodicTask("The store", pause, pause, this::write),
                new PeriodicTask("The checkpoint of the store", pause, MAX_BACKOFF, this::checkpointIfDue),
                new PeriodicTask("The removal of old commits", pause, MAX_BACKOFF, this::pruneCommitsIfDue),
                new PeriodicTask("The retention of the store", pause, MAX_BACKOFF, this::dropDaysIfDue));
        this.thread = new PeriodicThread("store-housekeeping", pause, tasks);
    }

    void start() {
        thread.start();
    }

    private void write() {
        upkeep.probe();
        upkeep.releaseGaps();
        upkeep.saveHeartbeats();
        upkeep.eraseForgotten();
    }

    private void checkpointIfDue() {
        if (work.newestPosition() - work.mailboxesTo() > CHECKPOINT_EVENTS) {
            checkpoint();
        }
    }

    /// Saves all mailboxes with newer events; a start reads the journal from there.
    void checkpoint() {
        // under the lock, memory includes every event up to here
        var to = upkeep.withWriteLock(work::newestPosition);
        if (to <= work.mailboxesTo()) {
            return;
        }
        upkeep.saveMailboxesAfter(work.mailboxesTo());
        upkeep.withWriteLock(() -> {
            work.saveCheckpoint(to);
            return to;
        });
    }

    private void dropDaysIfDue() {
        if (ticks++ % DROP_TICKS == 0) {
            dropDays();
        }
    }

    void dropDays() {
        run(work::dropDays);
    }

    private void pruneCommitsIfDue() {
        if (ticks % PRUNE_TICKS == 0) {
            pruneCommits();
        }
    }

    void pruneCommits() {
        run(work::pruneCommits);
    }

    private void run(Runnable task) {
        upkeep.withWriteLock(() -> {
            if (!work.hasFailed()) {
                task.run();
            }
            return work;
        });
    }

    @Override
    public void close() {
        thread.close();
    }
}
