package dev.tidemark.store.engine;

import java.time.Instant;
import java.util.Optional;

/// Reads the times that rows hold, to detect a clock that was set back.
public interface TimeQueries {
    /// Returns the latest time of sinks, deferred deliveries, dead letters, sync states and locations that had come
    /// when it was stored.
    Optional<Instant> newest();
}
