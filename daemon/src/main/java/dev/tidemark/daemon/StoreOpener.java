package dev.tidemark.daemon;

import dev.tidemark.log.LogInspection;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.embedded.StoreBackup;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.postgresql.PostgresStoreFactory;
import dev.tidemark.store.transfer.CopyProgress;
import dev.tidemark.store.transfer.CopyableStore;
import dev.tidemark.store.transfer.StoreSource;
import dev.tidemark.store.transfer.StoreTarget;
import java.time.Clock;
import java.util.List;
import java.util.function.UnaryOperator;

/// Opens, copies and restores the stores that `store.url` names, with the engine for each.
public final class StoreOpener {
    private StoreOpener() {}

    /// @throws dev.tidemark.store.StoreException if the store cannot be opened
    static CopyableStore open(
            StoreConfig config, FolderNameCache names, UnaryOperator<String> connectionOf, Clock clock) {
        return isOnPostgres(config)
                ? PostgresStoreFactory.open(config, names, connectionOf, clock)
                : StoreFactory.open(config, names, connectionOf, clock);
    }

    /// Opens a store that no process uses, to copy it.
    public static StoreSource openSource(StoreConfig config, Clock clock) {
        return isOnPostgres(config) ? PostgresStoreFactory.openSource(config) : StoreFactory.openSource(config, clock);
    }

    /// Creates a store for a copy.
    public static StoreTarget openTarget(StoreConfig config, Clock clock) {
        return isOnPostgres(config)
                ? PostgresStoreFactory.openTarget(config, clock)
                : StoreFactory.openTarget(config, clock);
    }

    /// Restores a backup to an empty store.
    public static void restore(StoreBackup backup, StoreConfig config, Clock clock, CopyProgress progress) {
        try (var source = backup.open(clock)) {
            if (isOnPostgres(config)) {
                PostgresStoreFactory.restore(source, backup.restorePoint(clock), config, clock, progress);
            } else {
                StoreFactory.restore(source, backup.restorePoint(clock), config, clock, progress);
            }
        }
    }

    /// Reports the files of a store; none for one on PostgreSQL, which checks its own.
    public static LogInspection inspect(StoreConfig config) {
        return isOnPostgres(config) ? new LogInspection(List.of(), List.of()) : StoreFactory.inspect(config);
    }

    private static boolean isOnPostgres(StoreConfig config) {
        return PostgresStoreFactory.accepts(config.url());
    }
}
