package dev.tidemark.store.sql;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.ClockOffsetQueries;
import dev.tidemark.store.engine.DeadLetterQueries;
import dev.tidemark.store.engine.DeferredQueries;
import dev.tidemark.store.engine.DetailQueries;
import dev.tidemark.store.engine.LocationQueries;
import dev.tidemark.store.engine.ReplayQueries;
import dev.tidemark.store.engine.SinkQueries;
import dev.tidemark.store.engine.SyncStateQueries;
import dev.tidemark.store.engine.TimeQueries;
import java.util.function.Consumer;

/// Queries of all tables, on the database of an engine. Thread-safe.
public final class StoreTables {
    private final SyncStateTable syncStates;
    private final SinkTable sinks;
    private final DeferredDeliveryTable deferred;
    private final DeadLetterTable deadLetters;
    private final DetailTable details;
    private final MailboxLocationTable locations;
    private final ExchangeClockTable clockOffsets;
    private final ReplayTable replays;
    private final NewestTimes times;

    public StoreTables(SqlReader sql) {
        this.syncStates = new SyncStateTable(sql);
        this.sinks = new SinkTable(sql);
        this.deferred = new DeferredDeliveryTable(sql);
        this.deadLetters = new DeadLetterTable(sql);
        this.details = new DetailTable(sql);
        this.locations = new MailboxLocationTable(sql);
        this.clockOffsets = new ExchangeClockTable(sql);
        this.replays = new ReplayTable(sql);
        this.times = new NewestTimes(sql);
    }

    public SyncStateQueries syncStates() {
        return syncStates;
    }

    public SinkQueries sinks() {
        return sinks;
    }

    public DeferredQueries deferred() {
        return deferred;
    }

    public DeadLetterQueries deadLetters() {
        return deadLetters;
    }

    public DetailQueries details() {
        return details;
    }

    public LocationQueries locations() {
        return locations;
    }

    public ClockOffsetQueries clockOffsets() {
        return clockOffsets;
    }

    public ReplayQueries replays() {
        return replays;
    }

    public TimeQueries times() {
        return times;
    }

    /// Passes every row of every table to `sink`, as the change that saves it.
    public void forEach(Consumer<Change> sink) {
        sinks.forEach(sink);
        deferred.forEach(sink);
        deadLetters.forEach(sink);
        replays.all().stream().map(Change.ReplaySaved::new).forEach(sink);
        clockOffsets.offsets().forEach(sink);
        clockOffsets.eventTimes().forEach(sink);
        locations.all().forEach(sink);
        syncStates.forEach(sink);
        details.forEach(sink);
    }
}
