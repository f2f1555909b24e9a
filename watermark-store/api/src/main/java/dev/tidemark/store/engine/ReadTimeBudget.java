package dev.tidemark.store.engine;

import java.time.Duration;
import java.time.Instant;

/// Limits the time of optional reads of the journal under the write lock, which delay all commits. Allows a burst of a
/// second, and 5 % of the time on average. Guarded by the store's write lock.
public final class ReadTimeBudget {
    private static final Duration BURST = Duration.ofSeconds(1);
    private static final int SHARE = 20;

    /// time to spend; negative after a read that took longer
    private Duration left = BURST;

    private Instant refilledAt;

    public ReadTimeBudget(Instant now) {
        this.refilledAt = now;
    }

    /// Returns true if a read may begin.
    public boolean allows(Instant now) {
        // a clock that was set back does not refill the budget
        if (now.isAfter(refilledAt)) {
            var refilled = left.plus(Duration.between(refilledAt, now).dividedBy(SHARE));
            left = refilled.compareTo(BURST) > 0 ? BURST : refilled;
        }
        refilledAt = now;
        return left.isPositive();
    }

    /// Subtracts the duration of a read. Counts at most two seconds, because a clock that was set
    /// forward or a suspended process makes a read look longer.
    public void spend(Duration spent) {
        if (spent.isPositive()) {
            var rest = left.minus(spent);
            left = rest.compareTo(BURST.negated()) < 0 ? BURST.negated() : rest;
        }
    }
}
