package dev.tidemark.subscriber.connection;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Monotonic time and timers, independent of changes of the system clock. Thread-safe.
public interface MonotonicTicker {
    /// Uses the system timer. Its timers keep no JVM alive; shutdown does not wait for them.
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

    /// Returns nanoseconds since an arbitrary origin; only differences are meaningful.
    long nanoTime();

    /// Runs `task` after `delay`, on a new thread.
    void schedule(Duration delay, Runnable task);

    private static void runOnNewThread(Runnable task) {
        Thread.ofVirtual().name("exchange-turn").start(task);
    }
}
