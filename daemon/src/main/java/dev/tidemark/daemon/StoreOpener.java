package dev.tidemark.daemon;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.postgresql.PostgresStoreFactory;
import java.time.Clock;
import java.util.function.UnaryOperator;

/// Opens the store that `store.url` names, with the engine for it.
final class StoreOpener {
    private StoreOpener() {}

    /// @throws dev.tidemark.store.StoreException if the store cannot be opened
    static WatermarkStore open(
            StoreConfig config, FolderNameCache names, UnaryOperator<String> connectionOf, Clock clock) {
        return PostgresStoreFactory.accepts(config.url())
                ? PostgresStoreFactory.open(config, names, connectionOf, clock)
                : StoreFactory.open(config, names, connectionOf, clock);
    }
}
