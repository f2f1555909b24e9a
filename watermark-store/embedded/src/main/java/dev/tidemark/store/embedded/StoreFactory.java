package dev.tidemark.store.embedded;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import java.time.Clock;
import java.util.function.UnaryOperator;

/// Opens stores in files. Used by the daemon, tools and tests.
public final class StoreFactory {
    private StoreFactory() {}

    /// Opens the store at `config.url()`, creates or upgrades its schema, and reads its state into memory.
    ///
    /// @throws UnexpectedStoreException if the cause of a failure is unknown
    /// @throws StoreException if the store is unreachable, locked by another process, of a later version, or
    /// belongs to another instance
    public static WatermarkStore open(StoreConfig config, Clock clock) {
        return open(config, new FolderNameCache(), UnaryOperator.identity(), clock);
    }

    /// Opens the store as [#open(StoreConfig, Clock)] does, with the folder names of `names` in new events.
    ///
    /// @param connectionOf returns a group's connection, the unit of gap storms and clock offsets
    public static WatermarkStore open(
            StoreConfig config, FolderNameCache names, UnaryOperator<String> connectionOf, Clock clock) {
        if (config.url().startsWith(StoreFiles.PREFIX)) {
            return EmbeddedStore.open(config, EmbeddedStore.Dependencies.defaults(names, connectionOf, clock));
        }
        throw new StoreException("store.url is '" + config.url() + "', which is no store in files; use "
                + StoreFiles.PREFIX + "./data/tidemark.");
    }
}
