package dev.tidemark.store.engine;

import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads the positions and states of sinks.
public interface SinkQueries {
    Optional<DeliveryPosition> position(SinkName sink);

    Optional<SinkStatus> status(SinkName sink);

    /// Returns the names of all rows, which are sinks and partitions of sinks.
    List<SinkName> names();

    /// Returns the sinks that have been failing since an instant after `time`.
    List<SinkName> failingAfter(Instant time);
}
