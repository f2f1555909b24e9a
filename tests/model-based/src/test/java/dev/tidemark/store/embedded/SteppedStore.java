package dev.tidemark.store.embedded;

import dev.tidemark.log.LogConfig;
import dev.tidemark.log.LogDisk;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;

/// Real store with ids from a seed, which saves heartbeats when the model requests it.
public record SteppedStore(WatermarkStore store, Runnable fold) {
    private static final Duration NEVER = Duration.ofDays(1);

    /// Small, because there are many short histories.
    private static final LogConfig SMALL = new LogConfig(256 << 10, 32 << 10, Duration.ofDays(1), 1 << 20, 0);

    /// Dependencies of a store in a history.
    ///
    /// @param connection name of the only connection, which all groups use
    public record Surroundings(Clock clock, Random ids, String connection) {}

    /// Opens the store on `disk`, with an index in memory.
    ///
    /// @param index unique in this JVM
    /// @throws StoreException as [StoreFactory#open] does
    public static SteppedStore open(StoreConfig config, LogDisk disk, String index, Surroundings dependencies) {
        var store = EmbeddedStore.open(
                config,
                new EmbeddedStore.Dependencies(
                        dependencies.clock(),
                        dependencies.ids(),
                        NEVER,
                        new FolderNameCache(),
                        group -> dependencies.connection()),
                disk,
                SMALL,
                IndexPlace.inMemory(index));
        return new SteppedStore(store, store::saveHeartbeats);
    }
}
