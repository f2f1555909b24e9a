package dev.tidemark.listener;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does a small task again and again until it is closed; a failure of the task ends nothing.
final class PeriodicTaskRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTaskRunner.class);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Duration interval;
    private final Runnable task;
    private final LongAdder faults;

    PeriodicTaskRunner(Duration pause, Runnable task, LongAdder faults) {
        this.interval = pause;
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
            LOG.warn("Housekeeping of the listener failed; it is tried again: {}", e.getMessage());
            LOG.debug("It failed here.", e);
        }
    }
}
