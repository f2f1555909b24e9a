package dev.tidemark.store.engine;

import java.time.Duration;
import java.time.Instant;

/// Limits the time that optional reads of the journal may take under the write lock, where all commits wait for them:
/// a second at once, and 5 % of the time in the long run. Guarded by the store's write lock.
public final class ReadTimeBudget {
    private static final Duration BURST = Duration.ofSeconds(1);
    private static final int SHARE = 20;

    /// time to spend; negative after a read that took longer
    private Duration left = BURST;

    private Instant earnedAt;

    public ReadTimeBudget(Instant now) {
        this.earnedAt = now;
    }

    /// Returns whether a read may begin.
    public boolean allows(Instant now) {
        // a clock that was set back earns nothing
        if (now.isAfter(earnedAt)) {
            var earned = left.plus(Duration.between(earnedAt, now).dividedBy(SHARE));
            left = earned.compareTo(BURST) > 0 ? BURST : earned;
        }
        earnedAt = now;
        return left.isPositive();
    }

    /// Takes the time of a read off the budget.
    public void spend(Duration spent) {
        left = spent.isNegative() ? left : left.minus(spent);
    }
}
