package dev.tidemark.watermark;

import java.time.Clock;

/// Opens stores.
public final class Stores {
    private Stores() {}

    /// Opens the store at `config.url()`, creating or upgrading its schema, and reads its state into memory.
    ///
    /// @throws StoreException if it is unreachable, locked by another process, of a later version, or was
    ///     made for
    ///     another instance
    public static WatermarkStore open(StoreConfig config, Clock clock) {
        throw new StoreException("No store for " + config.url() + " at " + clock.instant());
    }
}
