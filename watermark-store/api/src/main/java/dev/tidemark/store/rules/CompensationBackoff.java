package dev.tidemark.store.rules;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How long a mailbox waits for its next compensation after gaps and errors in a row: not at all, 30 seconds,
/// and twice as long each time up to 15 minutes. A healthy while forgets the row.
///
/// @param step gaps and errors in the row so far
/// @param lastAt when the last one came
record CompensationBackoff(int step, Optional<Instant> lastAt) {
    static final CompensationBackoff NONE = new CompensationBackoff(0, Optional.empty());

    private static final Duration FIRST = Duration.ofSeconds(30);
    private static final Duration MOST = Duration.ofMinutes(15);
    private static final Duration HEALTHY = Duration.ofMinutes(5);

    /// Returns [#NONE] itself where it is equal: there is one for each mailbox.
    static CompensationBackoff of(int step, Optional<Instant> lastAt) {
        return step == 0 && lastAt.isEmpty() ? NONE : new CompensationBackoff(step, lastAt);
    }

    /// The wait before the compensation number `step`, from 0.
    static Duration delay(int step) {
        if (step == 0) {
            return Duration.ZERO;
        }
        var doubled = FIRST.multipliedBy(1L << Math.min(step - 1, 10));
        return doubled.compareTo(MOST) < 0 ? doubled : MOST;
    }

    /// The back-off as it stands at `now`, the row forgotten if it has been quiet for long enough.
    CompensationBackoff at(Instant now) {
        return lastAt.filter(last -> last.plus(quietAfter()).isAfter(now)).isPresent() ? this : NONE;
    }

    /// When the compensation for trouble at `now` may start.
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
