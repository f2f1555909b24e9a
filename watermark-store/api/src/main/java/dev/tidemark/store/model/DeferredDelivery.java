package dev.tidemark.store.model;

import java.time.Instant;
import java.util.Optional;

/// Event that failed and waits for its next attempt, or that waits behind a failed event of its lane.
///
/// @param lane the event's source as text; order holds within it
/// @param attempts number of attempts made; 0 for an event that only waits
/// @param firstFailedAt start of its schedule
/// @param overtaken true if later events of its lane went ahead
public record DeferredDelivery(
        SinkName sink,
        JournalPosition position,
        String lane,
        int attempts,
        Optional<Instant> firstFailedAt,
        Instant nextAttemptAt,
        boolean overtaken,
        Optional<String> lastError) {
    /// Returns the delivery with another last error.
    public DeferredDelivery withError(Optional<String> error) {
        return new DeferredDelivery(sink, position, lane, attempts, firstFailedAt, nextAttemptAt, overtaken, error);
    }

    /// Returns the delivery with other times.
    public DeferredDelivery withTimes(Optional<Instant> failed, Instant next) {
        return new DeferredDelivery(sink, position, lane, attempts, failed, next, overtaken, lastError);
    }
}
