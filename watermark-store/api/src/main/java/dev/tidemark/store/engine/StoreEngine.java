package dev.tidemark.store.engine;

/// An engine that keeps a store: what it read when it was opened, one way to commit changes, and one interface
/// for each kind of row. Rules know an engine by this alone. Queries return what is committed, never a part of a
/// commit. Safe for use by many threads.
public interface StoreEngine {
    StoredState state();

    UnitOfWork unitOfWork();

    JournalQueries journal();

    SyncStateQueries syncStates();

    SinkQueries sinks();

    DeferredQueries deferred();

    DeadLetterQueries deadLetters();

    DetailQueries details();

    LocationQueries locations();

    ClockOffsetQueries clockOffsets();

    ReplayQueries replays();

    TimeQueries times();

    StorageHealth health();
}
