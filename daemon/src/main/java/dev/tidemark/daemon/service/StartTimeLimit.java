package dev.tidemark.daemon.service;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// Limits the time for which a start is extended. Counts calls instead of reading a clock: the system clock can be
/// set during a start, and suspended time must not count. Not thread-safe; used by the timer of the start.
final class StartTimeLimit implements Supplier<Optional<String>> {
    private final Duration limit;
    private long left;

    /// @param interval time between two calls
    StartTimeLimit(Duration interval, Duration limit) {
        this.limit = limit;
        left = limit.dividedBy(interval);
    }

    /// Returns the reason to stop extending the start; empty within the limit.
    @Override
    public Optional<String> get() {
        if (left == 0) {
            return Optional.of("The start takes longer than " + limit.toMinutes()
                    + " minutes. Set TimeoutStartSec of the unit to a longer time if the start needs it.");
        }
        left--;
        return Optional.empty();
    }
}
