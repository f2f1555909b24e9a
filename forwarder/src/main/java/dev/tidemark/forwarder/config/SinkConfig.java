package dev.tidemark.forwarder.config;

import dev.tidemark.forwarder.targets.SinkTargetConfig;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkPartition;
import java.util.List;

/// Settings of one sink.
///
/// @param events patterns of types, `*` matches any characters; empty for all events except heartbeats
public record SinkConfig(
        SinkName name,
        SinkTargetConfig target,
        DeliveryOrdering ordering,
        ThroughputConfig pace,
        RetryConfig retry,
        List<String> events) {
    /// Full type of heartbeats. Only this text among `events` matches them.
    public static final String HEARTBEAT = "dev.tidemark.heartbeat";

    public SinkConfig {
        events = List.copyOf(events);
    }

    /// Returns a sink with the defaults of the reference configuration.
    public static SinkConfig of(SinkName name, SinkTargetConfig target) {
        return new SinkConfig(
                name, target, DeliveryOrdering.MAILBOX, ThroughputConfig.DEFAULT, RetryConfig.DEFAULT, List.of());
    }

    /// Returns the settings for one partition of the sink, with an even share of the limits.
    public SinkConfig share(SinkPartition partition) {
        return new SinkConfig(name, target, ordering, pace.share(partition), retry, events);
    }

    /// Returns true if the sink gets heartbeats.
    public boolean wantsHeartbeats() {
        return events.contains(HEARTBEAT);
    }

    public int concurrency() {
        return pace.concurrency();
    }
}
