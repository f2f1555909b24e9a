package dev.tidemark.watermark.engine;

import dev.tidemark.watermark.DeliveryPosition;
import dev.tidemark.watermark.SinkName;
import dev.tidemark.watermark.SinkStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads the positions and states of sinks.
public interface SinkQueries {
    Optional<DeliveryPosition> position(SinkName sink);

    Optional<SinkStatus> status(SinkName sink);

    /// Returns the sinks that have been failing since a time after `moment`.
    List<SinkName> failingAfter(Instant moment);
}
