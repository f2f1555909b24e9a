package dev.tidemark.store.postgresql;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.transfer.CopyProgress;
import dev.tidemark.store.transfer.CopyableStore;
import dev.tidemark.store.transfer.StoreCopy;
import dev.tidemark.store.transfer.StoreCopy.RestorePoint;
import dev.tidemark.store.transfer.StoreSource;
import dev.tidemark.store.transfer.StoreTarget;
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
    /// cannot keep what it acknowledges, or is in use by another process or instance; several nodes may use it, if
    /// each has a `config.node()`
    public static CopyableStore open(
            StoreConfig config, FolderNameCache names, UnaryOperator<String> connectionOf, Clock clock) {
        return PostgresStore.open(config, PostgresStore.Dependencies.defaults(names, connectionOf, clock));
    }

    /// Opens a store that no process uses, to copy it. The caller closes it.
    ///
    /// @throws StoreException if the database is unreachable, or a process uses the store
    public static StoreSource openSource(StoreConfig config) {
        var connector = new PostgresConnector(config.withoutNode());
        var source = OwnedSource.open(connector);
        try {
            if (!source.contents().isComplete()) {
                throw StoreException.ofAbsence("There is no complete store in schema " + connector.schema()
                        + " of PostgreSQL; check store.url.");
            }
            return source;
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /// Creates the tables of the store for a copy. The caller closes it.
    ///
    /// @throws StoreException if the database is unreachable, or the tables hold rows
    public static StoreTarget openTarget(StoreConfig config, Clock clock) {
        return place(config, clock);
    }

    private static PostgresTarget place(StoreConfig config, Clock clock) {
        var parts = PostgresStore.PostgresParts.open(config.withoutNode());
        try {
            return new PostgresTarget(parts, clock);
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /// Restores a backup to the store at `config.url()`. Ends all its subscriptions, and leaves out numbers that may
    /// have been assigned after the backup. The store appears when it is complete: until then its tables are in a
    /// schema of another name.
    ///
    /// @param point numbers to leave out
    /// @param progress receives the number of rows copied so far, every 10,000 rows
    /// @throws StoreException if there is a store already, the backup is damaged, or the database fails
    public static void restore(
            StoreSource backup, RestorePoint point, StoreConfig config, Clock clock, CopyProgress progress) {
        var schema = new PostgresConnector(config).schema();
        var restoring = config.withoutNode()
                .withAnyInstance()
                .withUrl(PostgresConnector.inSchema(config.url(), schema + "_restoring"));
        // keeps other processes from the place until the restored store is there
        try (var place = place(config, clock)) {
            SchemaRenaming.drop(restoring);
            try (var target = openTarget(restoring, clock)) {
                StoreCopy.restore(backup, point, target, progress);
            }
            restart(restoring, point, clock);
            place.requireEmpty();
            SchemaRenaming.replace(config, restoring);
        }
    }

    private static void restart(StoreConfig config, RestorePoint point, Clock clock) {
        var dependencies = PostgresStore.Dependencies.defaults(new FolderNameCache(), UnaryOperator.identity(), clock);
        try (var store = PostgresStore.open(config, dependencies)) {
            store.restartAfterRestore(point.skipped());
        }
    }
}
