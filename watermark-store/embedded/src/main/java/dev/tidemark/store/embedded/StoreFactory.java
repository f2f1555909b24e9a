package dev.tidemark.store.embedded;

import dev.tidemark.log.LogInspection;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.transfer.CopyProgress;
import dev.tidemark.store.transfer.CopyableStore;
import dev.tidemark.store.transfer.StoreCopy;
import dev.tidemark.store.transfer.StoreCopy.RestorePoint;
import dev.tidemark.store.transfer.StoreSource;
import dev.tidemark.store.transfer.StoreTarget;
import java.io.IOException;
import java.nio.file.Files;
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
    public static CopyableStore open(StoreConfig config, Clock clock) {
        return open(config, new FolderNameCache(), UnaryOperator.identity(), clock);
    }

    /// Opens the store as [#open(StoreConfig, Clock)] does, with the folder names of `names` in new events.
    ///
    /// @param connectionOf returns a group's connection, the unit of gap storms and clock offsets
    public static CopyableStore open(
            StoreConfig config, FolderNameCache names, UnaryOperator<String> connectionOf, Clock clock) {
        if (config.url().startsWith(StoreFiles.PREFIX)) {
            return EmbeddedStore.open(config, EmbeddedStore.Dependencies.defaults(names, connectionOf, clock));
        }
        throw new StoreException("store.url is '" + config.url() + "', which is no store in files; use "
                + StoreFiles.PREFIX + "./data/tidemark.");
    }

    /// Opens a store that no process uses, to copy it. The caller closes it.
    ///
    /// @throws StoreException if there is none, it is in use, or damaged
    public static StoreSource openSource(StoreConfig config, Clock clock) {
        return ClosedStoreSource.open(StoreFiles.of(config.url()), clock);
    }

    /// Creates the store at `config.url()` for a copy. The caller closes it.
    ///
    /// @throws StoreException if there is one already
    public static StoreTarget openTarget(StoreConfig config, Clock clock) {
        var files = StoreFiles.of(config.url());
        files.refuseOlderStore();
        return LogTarget.create(files.log(), clock);
    }

    /// Restores a backup to the store at `config.url()`. Ends all its subscriptions, and leaves out numbers that may
    /// have been assigned after the backup. The store appears when it is complete.
    ///
    /// @param point numbers to leave out
    /// @param progress receives the number of rows copied so far, every 10,000 rows
    /// @throws StoreException if there is a store already, the backup is damaged, or a disk fails
    public static void restore(
            StoreSource backup, RestorePoint point, StoreConfig config, Clock clock, CopyProgress progress) {
        var files = StoreFiles.of(config.url());
        files.refuseOlderStore();
        try {
            LogTarget.requireEmpty(files.log());
            var restoring = new StoreFiles(files.folder(), files.name() + ".restoring");
            StoreDirectories.delete(restoring.log());
            try (var target = LogTarget.create(restoring.log(), clock)) {
                StoreCopy.restore(backup, point, target, progress);
            }
            restart(config.withAnyInstance().withUrl(restoring.url()), point, clock);
            StoreDirectories.replace(restoring.log(), files.log());
        } catch (IOException e) {
            throw StoreErrorTranslator.failed(e);
        }
    }

    private static void restart(StoreConfig config, RestorePoint point, Clock clock) {
        try (var store = EmbeddedStore.open(
                config, EmbeddedStore.Dependencies.defaults(new FolderNameCache(), UnaryOperator.identity(), clock))) {
            store.restartAfterRestore(point.skipped());
        }
    }

    /// Reports the segments and snapshots of a store, beside a process that uses it, and of a damaged one.
    ///
    /// @throws StoreException if there is no store
    public static LogInspection inspect(StoreConfig config) {
        var log = StoreFiles.of(config.url()).log();
        if (!Files.isDirectory(log)) {
            throw new StoreException("There is no store at " + log + "; check store.url.");
        }
        return CommitLog.checked(() -> LogInspection.of(log));
    }
}
