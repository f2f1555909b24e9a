package dev.tidemark.store.engine;

/// Engine that keeps a store: the state at its opening, one way to commit changes, and one query interface for
/// each kind of row. Rules know an engine only by this interface. Queries return committed rows, never a part of a
/// commit. Thread-safe.
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
