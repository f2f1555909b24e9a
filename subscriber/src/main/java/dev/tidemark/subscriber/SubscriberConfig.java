package dev.tidemark.subscriber;

import dev.tidemark.subscriber.connection.ConnectionLimits;
import dev.tidemark.subscriber.resync.GroupSubscriptionConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What the subscriber is set to.
///
/// @param groups all groups of mailboxes
/// @param limits by name of connection; the defaults for one that is not named
/// @param watermarkLifetime how old a watermark may be and still be tried; Exchange keeps 30 days of events
///     (docs, watermark)
/// @param resyncMargin how far before the old watermark a resync looks, because two clocks are at work
/// @param retention how long the journal keeps events, hence how far back a deletion is recognised as known
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

    ConnectionLimits limitsOf(String connection) {
        return limits.getOrDefault(connection, ConnectionLimits.DEFAULT);
    }
}
