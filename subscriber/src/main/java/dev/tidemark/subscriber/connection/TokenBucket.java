package dev.tidemark.subscriber.connection;

import java.time.Duration;

/// Limits the requests started per second. Holds one token, so that any period of one second stays within the
/// limit. Not thread-safe; guarded by the lock of [RequestScheduler].
final class TokenBucket {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final long interval;
    private final MonotonicTicker ticker;
    private long next;

    /// Creates a bucket; 0 means no limit.
    TokenBucket(int perSecond, MonotonicTicker ticker) {
        this.interval = perSecond == 0 ? 0 : (SECOND + perSecond - 1) / perSecond;
        this.ticker = ticker;
        this.next = ticker.nanoTime();
    }

    /// Takes the token and returns zero. Returns the time until the next token if there is none.
    Duration acquireOrDelay() {
        var now = ticker.nanoTime();
        if (next - now > 0) {
            return Duration.ofNanos(next - now);
        }
        next = now + interval;
        return Duration.ZERO;
    }
}
