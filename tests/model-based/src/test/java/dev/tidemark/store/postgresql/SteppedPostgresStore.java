package dev.tidemark.store.postgresql;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.rules.RuleStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;

/// Real store on PostgreSQL with ids from a seed, which saves heartbeats when the model requests it.
///
/// @param abandon ends the store's sessions like a killed process
public record SteppedPostgresStore(WatermarkStore store, Runnable fold, Runnable abandon) {
    private static final Duration NEVER = Duration.ofDays(1);

    /// Opens the store.
    ///
    /// @param connection name of the only connection, which all groups use
    /// @param isNew whether the tables must be created
    /// @throws StoreException as [PostgresStoreFactory#open] does
    public static SteppedPostgresStore open(
            StoreConfig config, Clock clock, Random ids, String connection, boolean isNew) {
        var rules = new RuleStore.Dependencies(clock, ids, new FolderNameCache(), group -> connection);
        SchemaPreparation tables = isNew ? SchemaMigration::run : SchemaPreparation.NONE;
        var store = PostgresStore.open(config, new PostgresStore.Dependencies(rules, tables, NEVER, NEVER, false));
        return new SteppedPostgresStore(store, store::saveHeartbeats, store::abandon);
    }
}
