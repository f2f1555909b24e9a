package dev.tidemark.listener;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one small task periodically on its own virtual thread, until it is closed. A failure of the task does
/// not stop later runs.
final class PeriodicTaskRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTaskRunner.class);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Duration interval;
    private final Runnable task;
    private final LongAdder faults;

    PeriodicTaskRunner(Duration interval, Runnable task, LongAdder faults) {
        this.interval = interval;
        this.task = task;
        this.faults = faults;
    }

    PeriodicTaskRunner start() {
        Thread.ofVirtual().name("listener-housekeeping").start(this::run);
        return this;
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private void run() {
        try {
            while (!closed.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                runTask();
            }
        } catch (InterruptedException expected) {
            Thread.currentThread().interrupt();
        }
    }

    private void runTask() {
        try {
            task.run();
        } catch (RuntimeException e) {
            faults.increment();
            LOG.warn("Housekeeping of the listener failed: {}; retrying in {} ms", e.getMessage(), interval.toMillis());
            LOG.debug("Stack trace of the failed housekeeping", e);
        }
    }
}
