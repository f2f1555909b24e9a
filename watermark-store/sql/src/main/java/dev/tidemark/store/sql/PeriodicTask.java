package dev.tidemark.store.sql;

import dev.tidemark.store.StoreException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Task that housekeeping runs at each tick. After a failure, it skips twice as many ticks as before, up to a
/// limit. Logs the first failure and the recovery. Not thread-safe; used by the housekeeping thread.
public final class PeriodicTask {
    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);

    private final String subject;
    private final Duration pause;
    private final Duration maxDelay;
    private final Runnable work;
    private long skip;
    private long skipped;

    /// @param subject begins the log lines
    /// @param pause time between two ticks
    /// @param maxDelay limit of the time between two attempts
    public PeriodicTask(String subject, Duration pause, Duration maxDelay, Runnable work) {
        this.subject = subject;
        this.pause = pause;
        this.maxDelay = maxDelay;
        this.work = work;
    }

    /// Runs the work if an attempt is due. Catches everything, because heartbeats and the recovery of the store
    /// depend on the thread.
    public void tick() {
        if (++skipped < skip) {
            return;
        }
        skipped = 0;
        try {
            work.run();
            if (skip > 0) {
                LOG.info("{} works again", subject);
            }
            skip = 0;
        } catch (StoreException e) {
            if (skip == 0) {
                LOG.warn("{} failed; retrying at least every {} s: {}", subject, maxDelay.toSeconds(), e.getMessage());
            }
            backOff();
        } catch (RuntimeException | Error e) {
            if (skip == 0) {
                LOG.error("{} failed unexpectedly; retrying at least every {} s", subject, maxDelay.toSeconds(), e);
            }
            backOff();
        }
    }

    private void backOff() {
        skip = Math.clamp(2 * skip, 1, Math.max(1, maxDelay.dividedBy(pause)));
    }
}
