package dev.tidemark.forwarder.config;

import dev.tidemark.forwarder.targets.InvalidSettingException;
import java.time.Duration;
import java.util.List;

/// Limits of the retries of a sink and its events.
///
/// @param schedule delays after an event's own failures; after the last one the event becomes a dead letter
/// @param patience time for which a failed event blocks later events of its mailbox
/// @param disableAfter time of failures after which a sink is disabled
public record RetryConfig(List<Duration> schedule, Duration patience, Duration disableAfter) {
    public static final RetryConfig DEFAULT = new RetryConfig(
            List.of(
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(30),
                    Duration.ofHours(2),
                    Duration.ofHours(5),
                    Duration.ofHours(10),
                    Duration.ofHours(14),
                    Duration.ofHours(20),
                    Duration.ofHours(24)),
            Duration.ofMinutes(10),
            Duration.ofHours(120));

    public RetryConfig {
        schedule = List.copyOf(schedule);
        if (schedule.stream().anyMatch(Duration::isNegative) || patience.isNegative() || disableAfter.isNegative()) {
            throw new InvalidSettingException("A sink's retry, patience or disable-after is negative; use 0s or more.");
        }
    }
}
