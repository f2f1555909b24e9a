package dev.tidemark.compensator;

import dev.tidemark.subscriber.StreamCounters;
import java.util.Map;
import java.util.Optional;

/// Snapshot of the work for mailboxes that Exchange cannot call back for.
///
/// @param degraded mailboxes whose push is suspended now
/// @param polls polls started
/// @param found events that polls found
/// @param stretch factor by connection by which the delay between polls exceeds the configured one; polls may
///     use half of the connection's rate
/// @param streams counters of the streams, if streams serve these mailboxes
public record FallbackCounters(
        int degraded, long polls, long found, Map<String, Double> stretch, Optional<StreamCounters> streams) {
    public FallbackCounters {
        stretch = Map.copyOf(stretch);
    }
}
