package dev.tidemark.store.embedded;

import dev.tidemark.log.FileLogDisk;
import dev.tidemark.log.LogConfig;
import dev.tidemark.log.LogDisk;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.ChangeCodec;
import dev.tidemark.store.rules.RuleStore;
import dev.tidemark.store.sql.StoreThreadPools;
import dev.tidemark.store.transfer.StoreSource;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// [WatermarkStore] in files: opens and closes the log and the index below the rules in order. Thread-safe.
final class EmbeddedStore extends RuleStore {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedStore.class);

    /// Limit in bytes for the log beyond the snapshot that a start after a clean stop reads.
    private static final long QUICK_START = 16L << 20;

    private final StoreParts parts;
    private final CommitLog log;
    private final StoreHousekeeping housekeeping;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final String previousStop;

    /// Parts that a store needs besides its configuration.
    ///
    /// @param ids source of the ids of new mailboxes
    /// @param foldEvery interval between saves of heartbeats; they must be on disk within five seconds
    /// @param names names of folders, for events that are recorded
    /// @param connectionOf returns a group's connection
    record Dependencies(
            Clock clock,
            RandomGenerator ids,
            Duration foldEvery,
            FolderNameCache names,
            UnaryOperator<String> connectionOf) {
        Dependencies(Clock clock, RandomGenerator ids, Duration foldEvery) {
            this(clock, ids, foldEvery, new FolderNameCache(), UnaryOperator.identity());
        }

        static Dependencies defaults(FolderNameCache names, UnaryOperator<String> connectionOf, Clock clock) {
            return new Dependencies(clock, new SecureRandom(), Duration.ofSeconds(2), names, connectionOf);
        }

        private RuleStore.Dependencies ofRules() {
            return new RuleStore.Dependencies(clock, ids, names, connectionOf);
        }
    }

    private EmbeddedStore(StoreParts parts, EmbeddedEngine engine, StoreConfig config, Dependencies dependencies) {
        super(engine, config, dependencies.ofRules());
        this.parts = parts;
        this.log = parts.log();
        this.previousStop = engine.state().previousStop();
        var snapshots = new StoreSnapshots(log, upkeep(), engine.journal(), dependencies.clock());
        this.housekeeping = new StoreHousekeeping(
                log, parts.index(), upkeep(), snapshots, engine.journal(), parts.threads(), dependencies.foldEvery());
    }

    /// Parts that hold files.
    record StoreParts(StoreThreadPools threads, CommitLog log, StoreIndex index) implements AutoCloseable {
        static StoreParts open(LogDisk disk, LogConfig config, IndexPlace index, Clock clock) {
            var threads = new StoreThreadPools();
            try {
                var log = CommitLog.open(disk, config, clock, threads);
                return new StoreParts(threads, log, new StoreIndex(index, threads));
            } catch (RuntimeException e) {
                threads.close();
                throw e;
            }
        }

        @Override
        public void close() {
            try {
                index.close();
            } finally {
                closeLog();
            }
        }

        private void closeLog() {
            try {
                log.close();
            } finally {
                threads.close();
            }
        }
    }

    static EmbeddedStore open(StoreConfig config, Dependencies dependencies) {
        var files = StoreFiles.of(config.url());
        files.refuseOlderStore();
        var backups = config.upgradeBackups().map(Path::of).orElse(files.folder());
        new StoreUpgrade(files, backups, ChangeCodec.FORMAT, dependencies.clock()).prepare(config.minFree());
        return open(config, dependencies, new FileLogDisk(files.log()), LogConfig.DEFAULT);
    }

    static EmbeddedStore open(StoreConfig config, Dependencies dependencies, LogDisk disk, LogConfig logConfig) {
        return open(
                config,
                dependencies,
                disk,
                logConfig,
                StoreFiles.of(config.url()).index());
    }

    /// Opens a store on a disk given by the caller.
    static EmbeddedStore open(
            StoreConfig config, Dependencies dependencies, LogDisk disk, LogConfig logConfig, IndexPlace index) {
        try {
            var parts = StoreParts.open(disk, logConfig, index, dependencies.clock());
            try {
                var engine = EmbeddedEngine.load(parts.log(), parts.index(), config, dependencies.clock());
                var store = new EmbeddedStore(parts, engine, config, dependencies);
                store.upkeep().markClean(false);
                store.housekeeping.start(engine.state().erasedBefore());
                LOG.info(
                        "Store {} of instance {} is open, {}",
                        config.url(),
                        store.instance().name(),
                        store.previousStop);
                return store;
            } catch (RuntimeException e) {
                parts.close();
                throw e;
            }
        } catch (RuntimeException e) {
            throw StoreErrorTranslator.unopened(e);
        }
    }

    /// Describes the previous stop of the store.
    String previousStop() {
        return previousStop;
    }

    /// Runs the work that housekeeping does every two seconds.
    void saveHeartbeats() {
        upkeep().releaseGaps();
        upkeep().eraseForgotten();
        upkeep().saveHeartbeats();
    }

    /// Takes a snapshot. Callers must keep housekeeping from taking one at the same time.
    void snapshot() {
        housekeeping.snapshot();
    }

    /// Takes a snapshot if it shortens the next start.
    private void snapshotIfUseful() {
        try {
            if (log.bytesSinceSnapshot() > QUICK_START || !instance().stoppedCleanly()) {
                snapshot();
            }
        } catch (StoreException e) {
            LOG.warn("Failed to take a snapshot; the next start reads more of the log: {}", e.getMessage());
        }
    }

    @Override
    public StoreSource openSource() {
        return new StoreContents(log);
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        log.stopCopies();
        housekeeping.close();
        try {
            upkeep().probe();
            upkeep().saveHeartbeats();
            snapshotIfUseful();
            upkeep().markClean(true);
            LOG.info("Store of instance {} is closed", instance().name());
        } finally {
            parts.close();
        }
    }
}
