package dev.tidemark.store.embedded;

import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.engine.ClockOffsetQueries;
import dev.tidemark.store.engine.DeadLetterQueries;
import dev.tidemark.store.engine.DeferredQueries;
import dev.tidemark.store.engine.DetailQueries;
import dev.tidemark.store.engine.LocationQueries;
import dev.tidemark.store.engine.ReplayQueries;
import dev.tidemark.store.engine.SinkQueries;
import dev.tidemark.store.engine.StoreEngine;
import dev.tidemark.store.engine.SyncStateQueries;
import dev.tidemark.store.engine.TimeQueries;
import dev.tidemark.store.sql.StoreTables;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Optional;

/// The log and the index as an engine of the rules. Thread-safe.
record EmbeddedEngine(
        StoreStart state, EmbeddedWork unitOfWork, JournalReader journal, StoreTables tables, FolderHealth health)
        implements StoreEngine {
    /// Reads the state of the store from the log, and fills the index with it.
    static EmbeddedEngine load(CommitLog log, StoreIndex index, StoreConfig config, Clock clock) {
        var journal = new JournalReader(log);
        var state = new StoreStart(log, journal);
        index.fill(state::readState);
        var files = StoreFiles.of(config.url());
        var health = new FolderHealth(
                new FreeSpaceMonitor(files.folder(), config.minFree(), clock),
                new StoreFileMonitor(Optional.of(files.lock()).filter(Files::exists), log::newestFile, clock),
                log);
        return new EmbeddedEngine(
                state, new EmbeddedWork(log, index, journal), journal, new StoreTables(index.reader()), health);
    }

    @Override
    public SyncStateQueries syncStates() {
        return tables.syncStates();
    }

    @Override
    public SinkQueries sinks() {
        return tables.sinks();
    }

    @Override
    public DeferredQueries deferred() {
        return tables.deferred();
    }

    @Override
    public DeadLetterQueries deadLetters() {
        return tables.deadLetters();
    }

    @Override
    public DetailQueries details() {
        return tables.details();
    }

    @Override
    public LocationQueries locations() {
        return tables.locations();
    }

    @Override
    public ClockOffsetQueries clockOffsets() {
        return tables.clockOffsets();
    }

    @Override
    public ReplayQueries replays() {
        return tables.replays();
    }

    @Override
    public TimeQueries times() {
        return tables.times();
    }
}
