package dev.tidemark.store.engine;

import dev.tidemark.values.DurationHistogram;
import java.util.Optional;
import java.util.OptionalLong;

/// Condition of the storage below an engine, asked before each batch of callbacks. Must answer at once.
public interface StorageHealth {
    /// Returns the reason why nothing should be written, with the remedy; empty if there is none.
    Optional<String> obstacle();

    /// Returns the bytes left; empty if they cannot be read.
    OptionalLong freeBytes();

    /// Returns the durations of commits to stable storage.
    default DurationHistogram.Reading syncs() {
        return DurationHistogram.ofOperations().reading();
    }

    /// Returns the size of the log; 0 for an engine without one.
    default long logBytes() {
        return 0;
    }
}
