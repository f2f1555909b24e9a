package dev.tidemark.subscriber.connection;

import java.time.Duration;
import java.time.Instant;

/// Limits the concurrent requests of one connection. Halves the limit after Exchange rejects a request as one
/// too many, then raises it by one after each half minute without such a rejection. Not thread-safe; guarded by
/// the lock of [RequestScheduler].
final class AdaptiveConcurrencyLimit {
    private static final Duration RAISE_INTERVAL = Duration.ofSeconds(30);

    private final int max;
    private int current;
    private int reductions;
    private Instant changedAt = Instant.MIN;

    AdaptiveConcurrencyLimit(int max) {
        this.max = max;
        this.current = max;
    }

    int current() {
        return current;
    }

    int max() {
        return max;
    }

    /// Returns the number of reductions so far. A request keeps the number of its start, so that its response
    /// reduces only the limit it started under.
    int reductions() {
        return reductions;
    }

    /// Halves the limit. Returns false if the request started before the last reduction, or if the limit is 1.
    boolean reduce(int reductionsAtStart, Instant now) {
        changedAt = now;
        if (reductionsAtStart != reductions || current == 1) {
            return false;
        }
        current = (current + 1) / 2;
        reductions++;
        return true;
    }

    /// Raises the limit by one if the last change is old enough. Returns whether it did.
    boolean raiseIfDue(Instant now) {
        if (current == max || Duration.between(changedAt, now).abs().compareTo(RAISE_INTERVAL) < 0) {
            return false;
        }
        current++;
        changedAt = now;
        return true;
    }
}
