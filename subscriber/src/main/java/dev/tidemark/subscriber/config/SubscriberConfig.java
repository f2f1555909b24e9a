package dev.tidemark.subscriber.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Settings of the subscriber.
///
/// @param groups all groups of mailboxes
/// @param limits limits of connections, by name; defaults for others
/// @param watermarkLifetime maximum age of a watermark that is used; Exchange keeps 30 days of events (docs,
///     watermark)
/// @param resyncMargin time before the old watermark that a resync covers, because two clocks differ
/// @param retention time for which the journal keeps events, and so recognizes deletions
public record SubscriberConfig(
        List<GroupSubscriptionConfig> groups,
        Map<String, ConnectionLimits> limits,
        Duration watermarkLifetime,
        Duration resyncMargin,
        Duration retention) {
    public SubscriberConfig {
        groups = List.copyOf(groups);
        limits = Map.copyOf(limits);
    }

    public ConnectionLimits limitsOf(String connection) {
        return limits.getOrDefault(connection, ConnectionLimits.DEFAULT);
    }
}
