package dev.tidemark.forwarder.webhook;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Cancels requests that exceed the timeout. One periodic check of all open requests costs less than a timer
/// for each. It runs only while requests are open. Thread-safe.
final class RequestTimeoutWatcher implements AutoCloseable {
    private static final Duration MIN_PAUSE = Duration.ofMillis(10);
    private static final Duration MAX_PAUSE = Duration.ofMillis(100);
    private static final int CHECKS_PER_TIMEOUT = 50;

    private final Duration timeout;
    private final Set<Watch> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean checkScheduled = new AtomicBoolean();
    private final Executor later;
    private volatile boolean closed;

    /// @param name name of the threads
    RequestTimeoutWatcher(Duration timeout, String name) {
        this.timeout = timeout;
        var share = timeout.dividedBy(CHECKS_PER_TIMEOUT);
        var min = share.compareTo(MIN_PAUSE) < 0 ? MIN_PAUSE : share;
        var pause = min.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : min;
        this.later = CompletableFuture.delayedExecutor(
                pause.toMillis(),
                TimeUnit.MILLISECONDS,
                task -> Thread.ofVirtual().name(name).start(task));
    }

    /// Open request with a timeout.
    final class Watch implements AutoCloseable {
        private final long began = System.nanoTime();
        private final Runnable cancel;
        private volatile boolean timedOut;

        private Watch(Runnable cancel) {
            this.cancel = cancel;
        }

        /// Returns true if the timeout canceled it.
        boolean isTimedOut() {
            return timedOut;
        }

        private boolean isDue() {
            return System.nanoTime() - began >= timeout.toNanos();
        }

        private void end() {
            timedOut = true;
            open.remove(this);
            cancel.run();
        }

        /// Stops watching a finished request.
        @Override
        public void close() {
            open.remove(this);
        }
    }

    /// Calls `cancel` after the timeout unless the watch is closed before. The delay is at most 10 ms or a
    /// fiftieth of the timeout, whichever is longer.
    Watch watch(Runnable cancel) {
        var watch = new Watch(cancel);
        open.add(watch);
        scheduleCheck();
        return watch;
    }

    private void scheduleCheck() {
        if (checkScheduled.compareAndSet(false, true)) {
            later.execute(this::check);
        }
    }

    private void check() {
        try {
            open.stream().filter(Watch::isDue).forEach(Watch::end);
        } finally {
            checkScheduled.set(false);
            // covers a request that was added while the check was still marked as scheduled
            if (!open.isEmpty() && !closed) {
                scheduleCheck();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
