package dev.tidemark.model;

import dev.tidemark.store.WatermarkStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;

/// Place of the store of one history. Its content survives a kill of the daemon.
interface StoreMedium {
    /// Store of one run of the daemon.
    ///
    /// @param fold saves heartbeats
    record Opened(WatermarkStore store, Runnable fold) {}

    Opened open(Clock clock, Duration margin, Random ids);

    /// Keeps the content as it is now: the open store writes nothing more to it.
    void kill();
}
