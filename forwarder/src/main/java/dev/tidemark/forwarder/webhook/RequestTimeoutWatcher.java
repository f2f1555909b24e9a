package dev.tidemark.forwarder.webhook;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Ends what takes too long. A glance at all that is open, now and then, costs less than a timer for each;
/// where nothing is open, there is no glance either. Safe for use by many threads.
final class RequestTimeoutWatcher implements AutoCloseable {
    private static final Duration MIN_PAUSE = Duration.ofMillis(10);
    private static final Duration MAX_PAUSE = Duration.ofMillis(100);
    private static final int CHECKS_PER_TIMEOUT = 50;

    private final Duration timeout;
    private final Set<Watch> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean checkScheduled = new AtomicBoolean();
    private final Executor later;
    private volatile boolean closed;

    /// @param name of the threads
    RequestTimeoutWatcher(Duration timeout, String name) {
        this.timeout = timeout;
        var share = timeout.dividedBy(CHECKS_PER_TIMEOUT);
        var least = share.compareTo(MIN_PAUSE) < 0 ? MIN_PAUSE : share;
        var pause = least.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : least;
        this.later = CompletableFuture.delayedExecutor(
                pause.toMillis(),
                TimeUnit.MILLISECONDS,
                task -> Thread.ofVirtual().name(name).start(task));
    }

    /// Something that is to end in time.
    final class Watch implements AutoCloseable {
        private final long began = System.nanoTime();
        private final Runnable cancel;
        private volatile boolean timedOut;

        private Watch(Runnable cancel) {
            this.cancel = cancel;
        }

        /// Whether it was cancelled.
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

        /// It has ended.
        @Override
        public void close() {
            open.remove(this);
        }
    }

    /// Calls `cancel` once the time is over, at most a hundredth of a second or a fiftieth of the time later,
    /// unless the watch is closed before.
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
            // one that was added before the line above found the glance still under way
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
