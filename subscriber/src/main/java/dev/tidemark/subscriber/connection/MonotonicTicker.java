package dev.tidemark.subscriber.connection;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Time that passes evenly, whatever the clock is set to.
public interface MonotonicTicker {
    /// The system's; nothing is kept alive or waited for at the end.
    MonotonicTicker SYSTEM = new MonotonicTicker() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void schedule(Duration delay, Runnable task) {
            CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, MonotonicTicker::runOnNewThread)
                    .execute(task);
        }
    };

    /// Nanoseconds since some moment; only differences mean something.
    long nanoTime();

    /// Runs `task` after `delay`.
    void schedule(Duration delay, Runnable task);

    private static void runOnNewThread(Runnable task) {
        Thread.ofVirtual().name("exchange-turn").start(task);
    }
}
