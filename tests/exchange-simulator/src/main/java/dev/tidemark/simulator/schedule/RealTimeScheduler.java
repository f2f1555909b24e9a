package dev.tidemark.simulator.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Scheduler in real time. It uses one platform thread, because its tasks only hand work over.
public final class RealTimeScheduler implements SimulatorScheduler {
    private static final Logger log = LoggerFactory.getLogger(RealTimeScheduler.class);

    private final Clock clock;
    private final ScheduledThreadPoolExecutor timer;

    public RealTimeScheduler(Clock clock) {
        this.clock = clock;
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("simulator-scheduler").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public void at(Instant due, Runnable task) {
        var delay = Math.max(0, Duration.between(clock.instant(), due).toNanos());
        try {
            var ignored = timer.schedule(() -> guarded(task), delay, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            log.debug("Ignored a task after the end", closed);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("A task of the simulator failed; the others continue", e);
        }
    }
}
