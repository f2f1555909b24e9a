package dev.tidemark.forwarder.config;

import dev.tidemark.forwarder.target.SinkTargetConfig;
import dev.tidemark.store.model.SinkName;
import java.util.List;

/// One sink and what it takes.
///
/// @param events patterns of types, `*` for any characters; none: everything but heartbeats
public record SinkConfig(
        SinkName name,
        SinkTargetConfig target,
        DeliveryOrdering ordering,
        ThroughputConfig pace,
        RetryConfig retry,
        List<String> events) {
    public SinkConfig {
        events = List.copyOf(events);
    }

    /// A sink with the defaults of the reference configuration.
    public static SinkConfig of(SinkName name, SinkTargetConfig target) {
        return new SinkConfig(
                name, target, DeliveryOrdering.MAILBOX, ThroughputConfig.DEFAULT, RetryConfig.DEFAULT, List.of());
    }

    public int concurrency() {
        return pace.concurrency();
    }
}
