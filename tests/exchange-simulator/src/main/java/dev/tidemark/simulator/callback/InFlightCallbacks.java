package dev.tidemark.simulator.callback;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the senders' work and counts it while it runs. Thread-safe.
public final class InFlightCallbacks implements Executor, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(InFlightCallbacks.class);

    private final ExecutorService executor =
            CallbackThreads.create("simulator-push-", (thread, e) -> log.error("A push sender failed and stopped", e));
    private int running;

    @Override
    public void execute(Runnable task) {
        count(1);
        try {
            executor.execute(() -> {
                try {
                    task.run();
                } finally {
                    count(-1);
                }
            });
        } catch (RejectedExecutionException closed) {
            count(-1);
            log.debug("Ignored a callback after the end", closed);
        }
    }

    private synchronized void count(int change) {
        running += change;
        notifyAll();
    }

    /// Waits until no work runs, or until the limit.
    public synchronized void awaitIdle(Duration limit) {
        var end = System.nanoTime() + limit.toNanos();
        try {
            for (var left = limit.toNanos(); running > 0 && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
