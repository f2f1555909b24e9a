package dev.tidemark.store;

import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkPartition;
import dev.tidemark.store.model.SinkStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Stores each sink's delivery position, deferred deliveries and dead letters. Changes are durable on return.
/// Thread-safe; each sink is used by one thread at a time.
public interface DeliveryStore {
    /// Returns a view whose changes are refused once another node has taken `lease`, in the same transaction. A
    /// store of a single process has no leases.
    default DeliveryStore under(Lease lease) {
        return this;
    }

    /// Returns a view whose positions, states and claims on the journal are those of one partition of each sink.
    /// Deferred deliveries and dead letters belong to the whole sink in every view.
    DeliveryStore of(SinkPartition partition);

    /// Returns the position of a sink without opening it; empty for a sink new to the store.
    Optional<DeliveryPosition> savedPosition(SinkName sink);

    /// Returns the position of a sink. A sink new to the store starts at the journal's end, and the store keeps
    /// that position. Every node may call it, because it never changes the position of a known sink. If the sink
    /// had another number of partitions before, all of them start where the slowest of those was, with what is
    /// done beyond.
    DeliveryPosition open(SinkName sink);

    SinkStatus status(SinkName sink);

    void saveStatus(SinkName sink, SinkStatus status);

    /// Saves progress in one transaction: the position, rows to add or replace, and rows whose events are done.
    /// Refuses it if the sink has another number of partitions now.
    void save(
            SinkName sink,
            DeliveryPosition position,
            Collection<DeferredDelivery> deferred,
            Collection<JournalPosition> done);

    /// Returns at most `limit` deferred rows of a lane in order of position.
    List<DeferredDelivery> deferred(SinkName sink, String lane, int limit);

    /// Returns the lanes with deferred rows, each with its earliest next attempt.
    List<LaneDue> deferredLanes(SinkName sink);

    record LaneDue(String lane, Instant nextAttemptAt, long rows) {}

    /// Returns the number of a sink's deferred rows.
    long deferredCount(SinkName sink);

    /// Returns the position of a sink's oldest deferred row.
    Optional<JournalPosition> oldestDeferred(SinkName sink);

    /// Moves an event to the dead letters and drops its deferred row.
    void saveDeadLetter(DeadLetter letter);

    /// Returns the newest dead letters of one sink or all, newest first.
    default List<DeadLetter> deadLetters(Optional<SinkName> sink, int limit) {
        return deadLetters(sink, Optional.empty(), limit);
    }

    /// Returns the dead letters behind `after`, newest first. The letter at `after` may be gone.
    List<DeadLetter> deadLetters(Optional<SinkName> sink, Optional<DeadLetter.PageKey> after, int limit);

    long deadLetterCount();

    /// Returns the number of dead letters by sink, without sinks that have none.
    Map<SinkName, Long> deadLetterCounts();

    boolean dropDeadLetter(String id);

    int pruneDeadLetters(Instant before);

    /// Ends the claim of a sink on the journal, because it is no longer configured. Its position is kept, and
    /// [#open] continues from it.
    default void release(SinkName sink) {}

    /// Returns the highest position up to which every sink opened since the start is done, deferred rows included.
    /// Retention may remove events up to it. A sink that is no longer configured does not count.
    JournalPosition deliveredByAll();
}
