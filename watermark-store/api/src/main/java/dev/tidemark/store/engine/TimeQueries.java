package dev.tidemark.store.engine;

import java.time.Instant;
import java.util.Optional;

/// Reads the times that rows hold, to detect a clock that was set back.
public interface TimeQueries {
    /// Returns the latest timestamp of sinks, deferred deliveries, dead letters, sync states and locations that
    /// was not in the future when stored.
    Optional<Instant> newest();
}
