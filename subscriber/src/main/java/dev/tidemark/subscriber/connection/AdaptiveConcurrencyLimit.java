package dev.tidemark.subscriber.connection;

import java.time.Duration;
import java.time.Instant;

/// How many requests may be under way at once: half as many after Exchange found them too many, then one more
/// after each half minute in which it did not. Guarded by its owner.
final class AdaptiveConcurrencyLimit {
    private static final Duration STEP = Duration.ofSeconds(30);

    private final int most;
    private int allowed;
    private int narrowings;
    private Instant widenedAt = Instant.MIN;

    AdaptiveConcurrencyLimit(int most) {
        this.most = most;
        this.allowed = most;
    }

    int current() {
        return allowed;
    }

    int max() {
        return most;
    }

    /// Stands for the width of this moment: requests that started under it speak of it, not of a later one.
    int reductions() {
        return narrowings;
    }

    /// Returns whether it became narrower. Requests that started before the last narrowing change nothing.
    boolean reduce(int startedUnder, Instant now) {
        widenedAt = now;
        if (startedUnder != narrowings || allowed == 1) {
            return false;
        }
        allowed = (allowed + 1) / 2;
        narrowings++;
        return true;
    }

    /// Returns whether it became wider.
    boolean raiseIfDue(Instant now) {
        if (allowed == most || Duration.between(widenedAt, now).abs().compareTo(STEP) < 0) {
            return false;
        }
        allowed++;
        widenedAt = now;
        return true;
    }
}
