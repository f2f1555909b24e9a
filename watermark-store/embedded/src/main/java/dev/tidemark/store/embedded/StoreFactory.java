package dev.tidemark.store.embedded;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import java.time.Clock;
import java.util.function.UnaryOperator;

/// Opens stores.
public final class StoreFactory {
    private StoreFactory() {}

    /// Opens the store at `config.url()`, creating or upgrading its schema, and reads its state into memory.
    ///
    /// @throws UnexpectedStoreException if nobody knows why it cannot be opened
    /// @throws StoreException if it is unreachable, locked by another process, of a later version, or was made for
    ///     another instance
    public static WatermarkStore open(StoreConfig config, Clock clock) {
        return open(config, new FolderNameCache(), UnaryOperator.identity(), clock);
    }

    /// Opens the store as [#open(StoreConfig, Clock)] does; events get the names of folders that `names`
    /// knows when they are recorded.
    ///
    /// @param connectionOf returns a group's connection: many gaps on one of them are treated together, and its
    ///     Exchange has one clock
    public static WatermarkStore open(
            StoreConfig config, FolderNameCache names, UnaryOperator<String> connectionOf, Clock clock) {
        if (config.url().startsWith(StoreFiles.PREFIX)) {
            return EmbeddedStore.open(config, EmbeddedStore.Surroundings.usual(names, connectionOf, clock));
        }
        if (config.url().startsWith("jdbc:postgresql:")) {
            throw new StoreException("A store on PostgreSQL is not available in this version; use " + StoreFiles.PREFIX
                    + "./data/tidemark as store.url.");
        }
        throw new StoreException("store.url is '" + config.url() + "', which is no store that Tidemark knows; use "
                + StoreFiles.PREFIX + "./data/tidemark.");
    }
}
