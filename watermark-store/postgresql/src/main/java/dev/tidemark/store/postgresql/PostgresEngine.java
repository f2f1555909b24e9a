package dev.tidemark.store.postgresql;

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

/// The tables in PostgreSQL as an engine of the rules. Thread-safe.
record PostgresEngine(
        PostgresStart state, PostgresWork unitOfWork, PostgresJournal journal, StoreTables tables, ServerHealth health)
        implements StoreEngine {
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
