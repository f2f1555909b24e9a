package dev.tidemark.store;

import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// How far each sink is, and what it could not take. Safe for use by many threads, one per sink. Durable on
/// return.
public interface DeliveryStore {
    /// The position of a sink. One that is new to the store starts at the journal's end and is remembered
    /// there.
    DeliveryPosition open(SinkName sink);

    SinkStatus status(SinkName sink);

    void saveStatus(SinkName sink, SinkStatus status);

    /// Saves progress in one transaction: the position, rows to add or replace, and rows whose events are
    /// done.
    void save(
            SinkName sink,
            DeliveryPosition position,
            Collection<DeferredDelivery> deferred,
            Collection<JournalPosition> done);

    /// Deferred rows of a lane in order of position, at most `limit`.
    List<DeferredDelivery> deferred(SinkName sink, String lane, int limit);

    /// Lanes that have deferred rows, each with its earliest next attempt.
    List<LaneDue> deferredLanes(SinkName sink);

    record LaneDue(String lane, Instant nextAttemptAt, long rows) {}

    /// How many events of a sink wait in rows of their own.
    long deferredCount(SinkName sink);

    /// Moves an event to the dead letters and drops its deferred row.
    void bury(DeadLetter letter);

    /// Dead letters, newest first, of one sink or all.
    default List<DeadLetter> deadLetters(Optional<SinkName> sink, int limit) {
        return deadLetters(sink, Optional.empty(), limit);
    }

    /// The same, from behind a place on: the letter there may be gone.
    List<DeadLetter> deadLetters(Optional<SinkName> sink, Optional<DeadLetter.PageKey> after, int limit);

    long deadLetterCount();

    boolean dropDeadLetter(String id);

    int pruneDeadLetters(Instant before);

    /// The highest position up to which every sink is done that was opened since the start, deferred rows
    /// included: what retention may remove. A sink that the configuration names no longer holds nothing up.
    JournalPosition deliveredByAll();
}
