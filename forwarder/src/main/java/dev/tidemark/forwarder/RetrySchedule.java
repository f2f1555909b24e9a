package dev.tidemark.forwarder;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Delays between an event's own failures. A jitter of up to 20 % spreads events that failed together.
/// Thread-safe.
record RetrySchedule(List<Duration> waits) {
    private static final double JITTER = 0.2;

    RetrySchedule {
        waits = List.copyOf(waits);
    }

    static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /// Returns the delay after the given number of failures; empty after the last one.
    ///
    /// @param random random number of at least 0 and less than 1; 0.5 leaves the delay unchanged
    Optional<Duration> after(int failures, double random) {
        if (failures > waits.size()) {
            return Optional.empty();
        }
        var wait = waits.get(failures - 1);
        var factor = 1 + JITTER * (2 * random - 1);
        return Optional.of(Duration.ofMillis(Math.round(wait.toMillis() * factor)));
    }
}
