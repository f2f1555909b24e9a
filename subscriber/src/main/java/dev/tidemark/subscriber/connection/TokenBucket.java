package dev.tidemark.subscriber.connection;

import java.time.Duration;

/// Lets so many requests start a second, evenly: it holds one token, so that no second, wherever it begins,
/// sees more than its share. Guarded by its owner.
final class TokenBucket {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final long interval;
    private final MonotonicTicker ticker;
    private long next;

    /// `perSecond` of 0 means no limit.
    TokenBucket(int perSecond, MonotonicTicker ticker) {
        this.interval = perSecond == 0 ? 0 : (SECOND + perSecond - 1) / perSecond;
        this.ticker = ticker;
        this.next = ticker.nanoTime();
    }

    /// Takes the token, and returns zero, or says how long there will be none.
    Duration acquireOrDelay() {
        var now = ticker.nanoTime();
        if (next - now > 0) {
            return Duration.ofNanos(next - now);
        }
        next = now + interval;
        return Duration.ZERO;
    }
}
