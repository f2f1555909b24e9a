package dev.tidemark.store.transfer;

import dev.tidemark.store.WatermarkStore;

/// Open store that can be copied. Thread-safe.
public interface CopyableStore extends WatermarkStore {
    /// Opens the current state for a copy, concurrently with all other work. The caller closes it.
    ///
    /// @throws dev.tidemark.store.StoreException if the storage fails
    StoreSource openSource();
}
