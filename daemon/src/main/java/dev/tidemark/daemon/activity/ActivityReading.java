package dev.tidemark.daemon.activity;

import dev.tidemark.values.DurationHistogram;
import java.time.Instant;
import java.util.Map;

/// Counters of the daemon at one instant.
///
/// @param received callbacks
/// @param journaled events that were stored, from an arbitrary beginning
/// @param acknowledgements durations until the responses to callbacks
/// @param sinks deliveries by name of the sink
record ActivityReading(
        Instant at,
        long received,
        long journaled,
        DurationHistogram.Reading acknowledgements,
        Map<String, SinkReading> sinks) {
    /// Counters of one sink.
    ///
    /// @param lag durations from the recording of an event to its delivery
    record SinkReading(long delivered, DurationHistogram.Reading lag) {
        SinkReading since(SinkReading earlier) {
            return delivered < earlier.delivered()
                    ? this
                    : new SinkReading(delivered - earlier.delivered(), lag.since(earlier.lag()));
        }
    }

    ActivityReading {
        sinks = Map.copyOf(sinks);
    }
}
