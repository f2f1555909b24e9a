package dev.tidemark.simulator;

import java.time.Duration;
import java.util.Optional;

/// When Exchange sends an unanswered notification again: after 30 s, then after twice as long each time, as
/// long as the waits together fit the StatusFrequency (docs, statusfrequency; they leave open whether the last
/// one may reach beyond it).
final class NotificationRetrySchedule {
    private static final Duration FIRST = Duration.ofSeconds(30);

    private NotificationRetrySchedule() {}

    /// The wait before a retry, counted from 1; empty when the subscription is to be dropped instead.
    static Optional<Duration> before(int retry, Duration statusFrequency) {
        var together = FIRST.multipliedBy((1L << retry) - 1);
        return together.compareTo(statusFrequency) > 0
                ? Optional.empty()
                : Optional.of(FIRST.multipliedBy(1L << (retry - 1)));
    }
}
