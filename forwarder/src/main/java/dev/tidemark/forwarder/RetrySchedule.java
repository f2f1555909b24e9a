package dev.tidemark.forwarder;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The waits between an event's own failures, blurred by up to a fifth so that events that failed together do
/// not come back together.
record RetrySchedule(List<Duration> waits) {
    private static final double JITTER = 0.2;

    RetrySchedule {
        waits = List.copyOf(waits);
    }

    /// How long to wait after the `failures`th failure, or nothing if that was the last.
    ///
    /// @param chance at least 0 and less than 1; one half leaves the wait as it is
    Optional<Duration> after(int failures, double chance) {
        if (failures > waits.size()) {
            return Optional.empty();
        }
        var wait = waits.get(failures - 1);
        var factor = 1 + JITTER * (2 * chance - 1);
        return Optional.of(Duration.ofMillis(Math.round(wait.toMillis() * factor)));
    }
}
