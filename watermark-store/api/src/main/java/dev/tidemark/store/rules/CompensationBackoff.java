package dev.tidemark.store.rules;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Back-off of a mailbox's compensations after consecutive gaps and errors: none, 30 seconds, then doubling up to
/// 15 minutes. A healthy period resets it. Immutable.
///
/// @param step number of consecutive gaps and errors so far
/// @param lastAt time of the last one
record CompensationBackoff(int step, Optional<Instant> lastAt) {
    static final CompensationBackoff NONE = new CompensationBackoff(0, Optional.empty());

    private static final Duration FIRST = Duration.ofSeconds(30);
    private static final Duration MAX_DELAY = Duration.ofMinutes(15);
    private static final Duration HEALTHY = Duration.ofMinutes(5);

    /// Returns [#NONE] itself if equal: every mailbox has one.
    static CompensationBackoff of(int step, Optional<Instant> lastAt) {
        return step == 0 && lastAt.isEmpty() ? NONE : new CompensationBackoff(step, lastAt);
    }

    /// Returns the delay before the compensation number `step`, from 0.
    static Duration delay(int step) {
        if (step == 0) {
            return Duration.ZERO;
        }
        var doubled = FIRST.multipliedBy(1L << Math.min(step - 1, 10));
        return doubled.compareTo(MAX_DELAY) < 0 ? doubled : MAX_DELAY;
    }

    /// Returns the back-off at `now`, reset after a healthy period.
    CompensationBackoff at(Instant now) {
        return lastAt.filter(last -> last.plus(quietAfter()).isAfter(now)).isPresent() ? this : NONE;
    }

    /// Returns the earliest start of the compensation for a failure at `now`.
    Instant due(Instant now) {
        return now.plus(delay(at(now).step));
    }

    CompensationBackoff after(Instant now) {
        return new CompensationBackoff(at(now).step + 1, Optional.of(now));
    }

    private Duration quietAfter() {
        var last = delay(Math.max(step - 1, 0)).multipliedBy(2);
        return last.compareTo(HEALTHY) > 0 ? last : HEALTHY;
    }
}
