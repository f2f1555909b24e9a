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

    /// Keeps the forced content and any part of the rest. A medium without this fault only kills the daemon.
    default void cutPower() {
        kill();
    }

    /// Fails `count` calls that change something, after `after` successful ones. A medium may not have this fault.
    default void failWrites(int after, int count) {}

    /// Ends the failures of [#failWrites].
    default void heal() {}
}
