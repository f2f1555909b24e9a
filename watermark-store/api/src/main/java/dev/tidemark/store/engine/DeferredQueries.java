package dev.tidemark.store.engine;

import dev.tidemark.store.DeliveryStore.LaneDue;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads deferred deliveries.
public interface DeferredQueries {
    /// Returns at most `limit` rows of a lane, in order of position.
    List<DeferredDelivery> ofLane(SinkName sink, String lane, int limit);

    /// Returns at most `limit` rows of a lane before `position`, of all sinks.
    List<DeferredDelivery> ofLane(String lane, JournalPosition position, int limit);

    /// Returns the lanes of a sink that have rows, in order, each with its earliest next attempt.
    List<LaneDue> lanes(SinkName sink);

    long count(SinkName sink);

    /// Returns the lowest position of a row of this sink.
    Optional<Long> lowest(SinkName sink);

    /// Returns at most `limit` rows with a timestamp after `time`, in order of their keys, behind the key of `sink`
    /// and `position`.
    List<DeferredDelivery> later(Instant time, SinkName sink, JournalPosition position, int limit);
}
