package dev.tidemark.store.embedded;

import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.engine.StoreEngine;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Optional;

/// The log and the index as an engine of the rules. Thread-safe.
record EmbeddedEngine(
        StoreStart state,
        EmbeddedWork unitOfWork,
        JournalReader journal,
        SyncStateTable syncStates,
        SinkTable sinks,
        DeferredDeliveryTable deferred,
        DeadLetterTable deadLetters,
        DetailTable details,
        MailboxLocationTable locations,
        ExchangeClockTable clockOffsets,
        ReplayTable replays,
        NewestTimes times,
        FolderHealth health)
        implements StoreEngine {
    /// Reads the state of the store from the log, and fills the index with it.
    static EmbeddedEngine load(CommitLog log, StoreIndex index, StoreConfig config, Clock clock) {
        var journal = new JournalReader(log);
        var state = new StoreStart(log, journal);
        index.fill(state::readState);
        var files = StoreFiles.of(config.url());
        var health = new FolderHealth(
                new FreeSpaceMonitor(files.folder(), config.minFree(), clock),
                new StoreFileMonitor(Optional.of(files.lock()).filter(Files::exists), log::newestFile, clock));
        var jdbc = index.jdbc();
        return new EmbeddedEngine(
                state,
                new EmbeddedWork(log, index, journal),
                journal,
                new SyncStateTable(jdbc),
                new SinkTable(jdbc),
                new DeferredDeliveryTable(jdbc),
                new DeadLetterTable(jdbc),
                new DetailTable(jdbc),
                new MailboxLocationTable(jdbc),
                new ExchangeClockTable(jdbc),
                new ReplayTable(jdbc),
                new NewestTimes(jdbc),
                health);
    }
}
