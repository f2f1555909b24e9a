package dev.tidemark.store.rules;

import dev.tidemark.store.MailboxLocationStore;
import dev.tidemark.store.ResyncStore.FolderState;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.SinkQueries;
import dev.tidemark.store.engine.StoreEngine;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Timestamps in other tables than those of mailboxes and the journal. The journal's timestamps are part of its
/// events and stay; the start of a replay is only displayed. Used by [ClockRollbackRepairer] when a store is
/// opened.
final class TimestampColumns {
    /// Limit for the rows of one unit of work: sync states may be long.
    private static final int ROWS_AT_ONCE = 100;

    private static final SinkName FIRST = new SinkName("");

    private final StoreEngine engine;

    TimestampColumns(StoreEngine engine) {
        this.engine = engine;
    }

    /// Corrects the timestamps, a few rows in each unit of work. Deferred deliveries come first: until the others
    /// are done, the next start detects an interrupted run and repeats it.
    void correct(CommittedState committed, ClockRollback rollback) {
        correctDeferred(committed, rollback);
        var now = rollback.now();
        all(committed, () -> sinks(now));
        all(committed, () -> letters(now));
        all(committed, () -> states(now));
        all(committed, () -> locations(now));
    }

    /// Corrects each row only once: it may lie in the future afterward, too.
    private void correctDeferred(CommittedState committed, ClockRollback rollback) {
        var deferred = engine.deferred();
        var rows = deferred.later(rollback.now(), FIRST, JournalPosition.START, ROWS_AT_ONCE);
        while (!rows.isEmpty()) {
            var changes = rows.stream().map(row -> corrected(row, rollback)).toList();
            make(committed, () -> changes);
            var last = rows.getLast();
            rows = deferred.later(rollback.now(), last.sink(), last.position(), ROWS_AT_ONCE);
        }
    }

    private static Change corrected(DeferredDelivery row, ClockRollback rollback) {
        var failed = row.firstFailedAt().map(rollback::correctPast);
        return new Change.DeliveryDeferred(row.withTimes(failed, rollback.correctDue(row.nextAttemptAt())));
    }

    private List<Change> sinks(Instant now) {
        var table = engine.sinks();
        return table.failingAfter(now).stream()
                .map(sink -> sink(table, sink, now))
                .toList();
    }

    private static Change sink(SinkQueries table, SinkName sink, Instant now) {
        var status = table.status(sink).orElseThrow();
        var corrected = new SinkStatus(Optional.of(now), status.disabled(), status.untilOperator(), status.lastError());
        return new Change.SinkSaved(sink, table.position(sink).orElseThrow(), corrected);
    }

    private List<Change> letters(Instant now) {
        return engine.deadLetters().deadLetteredAfter(now, ROWS_AT_ONCE).stream()
                .<Change>map(row -> new Change.DeadLetterSaved(row.letter().withDiedAt(now), row.recalled()))
                .toList();
    }

    private List<Change> states(Instant now) {
        return engine.syncStates().takenAfter(now, ROWS_AT_ONCE).stream()
                .<Change>map(row -> state(row, now))
                .toList();
    }

    private static Change state(Change.FolderStateSaved row, Instant now) {
        var state = new FolderState(row.state().state(), now, row.state().complete());
        return new Change.FolderStateSaved(row.mailbox(), row.folder(), state);
    }

    private List<Change> locations(Instant now) {
        return engine.locations().takenAfter(now, ROWS_AT_ONCE).stream()
                .<Change>map(row -> location(row, now))
                .toList();
    }

    private static Change location(Change.MailboxLocationSaved row, Instant now) {
        var location = new MailboxLocationStore.MailboxLocation(
                row.location().url(), row.location().grouping(), now);
        return new Change.MailboxLocationSaved(row.mailbox(), location);
    }

    /// Commits the `next` changes until there are none.
    private static void all(CommittedState committed, Supplier<List<Change>> next) {
        while (make(committed, next)) {
            // the changed rows are no longer among the next
        }
    }

    private static boolean make(CommittedState committed, Supplier<List<Change>> next) {
        return committed.change(changeSet -> {
            var some = next.get();
            some.forEach(changeSet::add);
            return !some.isEmpty();
        });
    }
}
