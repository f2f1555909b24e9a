package dev.tidemark.simulator;

import java.time.Duration;
import java.util.Optional;

/// Computes the retries of an unanswered notification. The first follows after 30 s, each later one after twice
/// the wait. The sources disagree about the end: "within StatusFrequency" can mean the sum of the waits, or each of
/// them (docs, statusfrequency, has 30 s to 960 s for 30 minutes, which are 1,890 s together).
public final class NotificationRetrySchedule {
    private static final Duration FIRST = Duration.ofSeconds(30);

    /// Reading of "within StatusFrequency".
    public enum Reading {
        /// All waits together fit into the StatusFrequency: five retries for 30 minutes.
        TOTAL,
        /// Each wait fits into the StatusFrequency: six retries for 30 minutes.
        EACH;

        /// Returns the wait before a retry, counted from 1. Returns empty if the subscription ends instead.
        Optional<Duration> before(int retry, Duration statusFrequency) {
            var wait = FIRST.multipliedBy(1L << (retry - 1));
            var bounded = this == EACH ? wait : wait.multipliedBy(2).minus(FIRST);
            return bounded.compareTo(statusFrequency) > 0 ? Optional.empty() : Optional.of(wait);
        }
    }

    private NotificationRetrySchedule() {}
}
