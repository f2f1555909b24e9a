package dev.tidemark.store.postgresql;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import java.time.Clock;
import java.util.function.UnaryOperator;

/// Opens stores on PostgreSQL. Used by the daemon, tools and tests.
public final class PostgresStoreFactory {
    private static final String PREFIX = "jdbc:postgresql:";

    private PostgresStoreFactory() {}

    /// Returns whether a URL names a store on PostgreSQL.
    public static boolean accepts(String url) {
        return url.startsWith(PREFIX);
    }

    /// Opens the store at `config.url()`, creates or upgrades its schema, and reads its mailboxes into memory.
    ///
    /// @param names names of folders, for events that are recorded
    /// @param connectionOf returns a group's connection, the unit of gap storms and clock offsets
    /// @throws StoreException if the database is unreachable, refuses the user, is of an unsupported version,
    /// cannot keep what it acknowledges, or is in use by another process or instance
    public static WatermarkStore open(
            StoreConfig config, FolderNameCache names, UnaryOperator<String> connectionOf, Clock clock) {
        return PostgresStore.open(config, PostgresStore.Dependencies.defaults(names, connectionOf, clock));
    }
}
