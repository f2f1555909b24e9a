package dev.tidemark.subscriber;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Spaces requests evenly, so that no second sees more than its share.
final class Pacer {
    /// Waits for some nanoseconds, or for an interrupt.
    @FunctionalInterface
    interface Wait {
        void nanos(long nanos) throws InterruptedException;
    }

    private final long interval;
    private final LongSupplier nanoTime;
    private final Wait wait;
    private long next;

    /// `perSecond` of 0 means no limit.
    Pacer(int perSecond, LongSupplier nanoTime, Wait wait) {
        this.interval = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.nanoTime = nanoTime;
        this.wait = wait;
        this.next = nanoTime.getAsLong();
    }

    static Pacer of(int perSecond) {
        return new Pacer(perSecond, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
    }

    /// Returns when the next request may start.
    void await() throws InterruptedException {
        var delay = reserve();
        if (delay > 0) {
            wait.nanos(delay);
        }
    }

    private synchronized long reserve() {
        var now = nanoTime.getAsLong();
        var delay = Math.max(0, next - now);
        next = now + delay + interval;
        return delay;
    }
}
