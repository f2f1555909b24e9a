package dev.tidemark.simulator;

import java.time.Duration;
import java.util.Optional;

/// Computes the retries of an unanswered notification. The first follows after 30 s, each later one after twice
/// the wait. All waits together fit into the StatusFrequency (docs, statusfrequency, which leave open whether
/// the last one may exceed it).
final class NotificationRetrySchedule {
    private static final Duration FIRST = Duration.ofSeconds(30);

    private NotificationRetrySchedule() {}

    /// Returns the wait before a retry, counted from 1. Returns empty if the subscription ends instead.
    static Optional<Duration> before(int retry, Duration statusFrequency) {
        var together = FIRST.multipliedBy((1L << retry) - 1);
        return together.compareTo(statusFrequency) > 0
                ? Optional.empty()
                : Optional.of(FIRST.multipliedBy(1L << (retry - 1)));
    }
}
