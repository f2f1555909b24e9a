package dev.tidemark.model;

import dev.tidemark.compensator.CompensatorConfig;
import dev.tidemark.compensator.FallbackConfig;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.config.SubscriberConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Settings of the daemon under test: the defaults, except for a sweep interval that fits histories of weeks.
final class CoreSettings {
    static final String CONNECTION = "onprem";
    static final Duration MARGIN = Duration.ofMinutes(15);
    static final Duration RETENTION = Duration.ofDays(7);
    static final Duration LIFETIME = Duration.ofDays(30);
    static final Duration COMPENSATION_DELAY = Duration.ofSeconds(3);

    /// Multiplies the intervals of periodic tasks, because histories last weeks.
    static final int INTERVAL_FACTOR = 6;

    static final CompensatorConfig COMPENSATOR = new CompensatorConfig(
            2.0,
            Duration.ofSeconds(90),
            Optional.empty(),
            Optional.empty(),
            Duration.ofHours(1),
            LIFETIME,
            20,
            Duration.ofHours(4),
            true,
            new CompensatorConfig.Retention(RETENTION, Duration.ofDays(30), Duration.ofDays(30)),
            FallbackConfig.NONE);

    private CoreSettings() {}

    static SubscriberConfig subscriber(GroupSubscriptionConfig plan) {
        return new SubscriberConfig(
                List.of(plan), Map.of(plan.connection(), new ConnectionLimits(8, 0)), LIFETIME, MARGIN, RETENTION);
    }
}
