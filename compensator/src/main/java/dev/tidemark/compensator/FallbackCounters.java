package dev.tidemark.compensator;

import dev.tidemark.subscriber.streaming.StreamCounters;
import java.util.Map;
import java.util.Optional;

/// What has been done for mailboxes that Exchange cannot call back for.
///
/// @param degraded mailboxes whose push is given up now
/// @param polls looks for what is new, begun
/// @param found events that these looks found
/// @param stretch by connection: the factor by which the delay between polls is longer than configured, because
/// they
///     may take half of the connection's rate only
/// @param streams where streams look after mailboxes
public record FallbackCounters(
        int degraded, long polls, long found, Map<String, Double> stretch, Optional<StreamCounters> streams) {
    public FallbackCounters {
        stretch = Map.copyOf(stretch);
    }
}
