package dev.tidemark.store.rules;

import dev.tidemark.store.Journal;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.JournalEntry;
import dev.tidemark.store.engine.BackwardJournalReader;
import dev.tidemark.store.engine.DeadLetterQueries;
import dev.tidemark.store.engine.DetailQueries;
import dev.tidemark.store.engine.JournalQueries;
import dev.tidemark.store.engine.StoreEngine;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Implements [Journal] on the rows of an engine.
final class JournalRules implements Journal {
    private static final int DETAILS_AT_ONCE = 1_000;

    private final CommittedState committed;
    private final JournalQueries reader;
    private final BackwardJournalReader backwardReader;
    private final DeadLetterQueries dead;
    private final DetailQueries details;
    private final String instance;
    private final Clock clock;

    JournalRules(
            CommittedState committed,
            StoreEngine engine,
            BackwardJournalReader backwardReader,
            String instance,
            Clock clock) {
        this.committed = committed;
        this.reader = engine.journal();
        this.backwardReader = backwardReader;
        this.dead = engine.deadLetters();
        this.details = engine.details();
        this.instance = instance;
        this.clock = clock;
    }

    @Override
    public List<JournalEvent> read(JournalPosition after, int limit) {
        return readWanted(after, limit, entry -> !committed.mailboxes().isForgotten(entry));
    }

    @Override
    public List<JournalEvent> readWithForgotten(JournalPosition after, int limit) {
        return readWanted(after, limit, entry -> true);
    }

    @Override
    public TypedEvents read(JournalPosition after, int positions, Predicate<String> types) {
        var found = new ArrayList<JournalEvent>();
        // read first: a row may exist before it is on stable storage
        var end = committed.arrivals().end();
        var bounds = new Bounds(after.value(), end, Integer.MAX_VALUE);
        var next = after.value();
        for (var left = (long) positions; left > 0 && next < end; left = after.value() + positions - next) {
            var rows = reader.from(next, (int) left, types);
            if (rows.isEmpty()) {
                break;
            }
            for (var row : rows) {
                row.entries().stream()
                        .filter(entry -> !committed.mailboxes().isForgotten(entry))
                        .forEach(entry -> collect(entry, row.recordedAt(), bounds, types, found));
            }
            next = Math.min(end, rows.getLast().end());
        }
        return new TypedEvents(found, new JournalPosition(next));
    }

    private List<JournalEvent> readWanted(JournalPosition after, int limit, Predicate<JournalEntry> wanted) {
        var found = new ArrayList<JournalEvent>();
        // read first: a row may exist before it is on stable storage
        var end = committed.arrivals().end();
        var next = after.value();
        while (next < end && found.size() < limit) {
            var rows = reader.from(next, limit - found.size());
            if (rows.isEmpty()) {
                return found;
            }
            for (var row : rows) {
                row.entries().stream()
                        .filter(wanted)
                        .forEach(entry -> collect(
                                entry, row.recordedAt(), new Bounds(after.value(), end, limit), type -> true, found));
            }
            next = rows.getLast().end();
        }
        return found;
    }

    /// Range of positions, excluding `after`, and limit of the events to read.
    private record Bounds(long after, long end, int limit) {}

    private static void collect(
            JournalEntry entry, Instant recordedAt, Bounds bounds, Predicate<String> types, List<JournalEvent> found) {
        for (var i = 0; i < entry.drafts().size() && found.size() < bounds.limit(); i++) {
            var position = entry.position() + i;
            if (position > bounds.after()
                    && position <= bounds.end()
                    && types.test(entry.drafts().get(i).type())) {
                found.add(entry.event(i, recordedAt));
            }
        }
    }

    @Override
    public Optional<JournalEvent> find(JournalPosition position) {
        var wanted = position.value();
        if (wanted > committed.arrivals().end()) {
            return Optional.empty();
        }
        return reader.holding(wanted)
                .flatMap(row -> row.holding(wanted)
                        .filter(entry -> !committed.mailboxes().isForgotten(entry))
                        .map(entry -> entry.event((int) (wanted - entry.position()), row.recordedAt())));
    }

    @Override
    public Set<MailboxId> forgotten() {
        return committed.forgotten().keySet();
    }

    @Override
    public int forgottenTotal() {
        return committed.mailboxes().forgottenTotal();
    }

    /// Returns whether the event at `position` is of a forgotten mailbox.
    boolean isForgotten(JournalPosition position) {
        return !committed.forgotten().isEmpty()
                && reader.holding(position.value())
                        .flatMap(row -> row.holding(position.value()))
                        .filter(committed.mailboxes()::isForgotten)
                        .isPresent();
    }

    @Override
    public List<JournalEvent> newest(MailboxId mailbox, Predicate<JournalEvent> wanted, int limit, int entries) {
        var found = new ArrayList<JournalEvent>();
        var from = committed.find(mailbox).map(record -> record.lastPosition).orElse(0L);
        var left = new int[] {entries};
        backwardReader.back(mailbox, from, (entry, recordedAt) -> {
            for (var i = entry.drafts().size() - 1; i >= 0 && found.size() < limit; i--) {
                var event = entry.event(i, recordedAt);
                if (wanted.test(event)) {
                    found.add(event);
                }
            }
            left[0]--;
            return left[0] > 0 && found.size() < limit;
        });
        return found;
    }

    @Override
    public JournalPosition oldest() {
        // read first: events appended after a look at an empty table must not count as removed
        var end = committed.arrivals().end();
        return new JournalPosition(reader.oldest(1).stream()
                .findFirst()
                .map(extent -> Math.min(extent.position() - 1, end))
                .orElse(end));
    }

    @Override
    public JournalPosition end() {
        return new JournalPosition(committed.arrivals().end());
    }

    @Override
    public boolean awaitBeyond(JournalPosition after, Duration timeout) throws InterruptedException {
        return committed.arrivals().awaitBeyond(after.value(), timeout);
    }

    @Override
    public void appendInstanceEvent(String type, Map<String, Object> fields) {
        committed.change(changeSet -> {
            changeSet.appendInstanceEvent(instance, type, fields);
            return changeSet;
        });
    }

    @Override
    public void appendMailboxEvent(MailboxId mailbox, String type, Map<String, Object> fields) {
        committed.change(changeSet -> changeSet.find(mailbox).map(seen -> {
            var record = changeSet.edit(seen);
            changeSet.appendLifecycleEvent(record, type, fields);
            return record;
        }));
    }

    @Override
    public int prune(Instant time, JournalPosition delivered, int limit) {
        var old = old(time, delivered, limit);
        if (old.isEmpty()) {
            return 0;
        }
        var last = old.getLast().end();
        // a dead letter that is sent again keeps its detail
        var prunable = Math.min(last, dead.lowest().orElse(Long.MAX_VALUE) - 1);
        pruneDetails(prunable);
        return committed.change(changeSet -> {
            changeSet.add(new Change.JournalPruned(last));
            changeSet.add(new Change.DetailsPruned(prunable));
            return old.size();
        });
    }

    /// Removes details up to a position in several changes, so that no change delays callbacks for long. A dead letter
    /// may have kept many of them.
    private void pruneDetails(long upTo) {
        var next = details.after(DETAILS_AT_ONCE).map(JournalPosition::value);
        while (next.filter(position -> position <= upTo).isPresent()) {
            var before = next.get() - 1;
            committed.change(changeSet -> {
                changeSet.add(new Change.DetailsPruned(before));
                return changeSet;
            });
            next = details.after(DETAILS_AT_ONCE).map(JournalPosition::value).filter(position -> position > before + 1);
        }
    }

    private List<JournalQueries.Extent> old(Instant time, JournalPosition delivered, int limit) {
        var oldest = reader.oldest(1);
        var older = oldest.stream().mapToLong(row -> olderThan(time, row)).sum();
        Predicate<JournalQueries.Extent> isOld =
                row -> (row.recordedAt().isBefore(time) || row.position() < older) && row.end() <= delivered.value();
        var old = oldest.stream().filter(isOld).toList();
        // reads more only while all are due: usually none or a few are
        for (var some = 1; old.size() == some && some < limit; ) {
            some = Math.min(limit, some * 16);
            old = reader.oldest(some).stream().takeWhile(isOld).toList();
        }
        return old;
    }

    /// Returns the position before which all rows are older than `time`, despite their timestamps; 0 if there is
    /// none. If the clock was set back, earlier rows lie in the future, but are at least as old as later ones.
    private long olderThan(Instant time, JournalQueries.Extent oldest) {
        var now = clock.instant();
        return Optional.of(oldest)
                .filter(row -> row.recordedAt().isAfter(now))
                .flatMap(row -> reader.firstBy(now, row))
                .filter(row -> row.recordedAt().isBefore(time))
                .map(JournalQueries.Extent::position)
                .orElse(0L);
    }
}
