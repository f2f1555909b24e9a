package dev.tidemark.store.embedded;

import dev.tidemark.log.LogConfig;
import dev.tidemark.log.LogDisk;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;

/// The real store, whose ids come from a seed, and which saves heartbeats when it is told to.
public record SteppedStore(WatermarkStore store, Runnable fold) {
    private static final Duration NEVER = Duration.ofDays(1);

    /// Small, because histories are short and many.
    private static final LogConfig SMALL = new LogConfig(256 << 10, 32 << 10, Duration.ofDays(1), 1 << 20, 0);

    /// Parts of a history that a store needs.
    ///
    /// @param connection name of the one connection, which all groups use
    public record Surroundings(Clock clock, Random ids, String connection) {}

    /// Opens the store on `disk`, with an index in memory.
    ///
    /// @param index unlike that of any other store of this JVM
    /// @throws StoreException as [StoreFactory#open] does
    public static SteppedStore open(StoreConfig config, LogDisk disk, String index, Surroundings surroundings) {
        var store = EmbeddedStore.open(
                config,
                new EmbeddedStore.Dependencies(
                        surroundings.clock(),
                        surroundings.ids(),
                        NEVER,
                        new FolderNameCache(),
                        group -> surroundings.connection()),
                disk,
                SMALL,
                IndexPlace.inMemory(index));
        return new SteppedStore(store, store::saveHeartbeats);
    }
}
