package dev.tidemark.store.model;

import dev.tidemark.values.DurationHistogram;
import java.util.Map;

/// Measurements of a store since its start.
///
/// @param syncs durations of the forces or transactions that commit changes
/// @param logBytes size of the log's records; 0 on PostgreSQL
/// @param journaled number of journaled events by origin; `lifecycle` for events of Tidemark's own
/// @param callbacksByServer callbacks for live subscriptions by the server that the subscription id names
public record StoreStatistics(
        DurationHistogram.Reading syncs,
        long logBytes,
        Map<String, Long> journaled,
        Map<String, Long> callbacksByServer) {
    public StoreStatistics {
        journaled = Map.copyOf(journaled);
        callbacksByServer = Map.copyOf(callbacksByServer);
    }

    /// Returns the statistics of a store that measures nothing.
    public static StoreStatistics none() {
        return new StoreStatistics(DurationHistogram.ofOperations().reading(), 0, Map.of(), Map.of());
    }
}
