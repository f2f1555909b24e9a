package dev.tidemark.store.rules;

import dev.tidemark.store.Journal;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.BackwardJournalReader;
import dev.tidemark.store.engine.DeadLetterQueries;
import dev.tidemark.store.engine.JournalQueries;
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
import java.util.function.Predicate;

/// Implements [Journal] on the rows of an engine.
final class JournalRules implements Journal {
    private final CommittedState ledger;
    private final JournalQueries reader;
    private final BackwardJournalReader walk;
    private final DeadLetterQueries dead;
    private final String instance;
    private final Clock clock;

    JournalRules(
            CommittedState ledger,
            JournalQueries reader,
            BackwardJournalReader walk,
            DeadLetterQueries dead,
            String instance,
            Clock clock) {
        this.ledger = ledger;
        this.reader = reader;
        this.walk = walk;
        this.dead = dead;
        this.instance = instance;
        this.clock = clock;
    }

    @Override
    public List<JournalEvent> read(JournalPosition after, int limit) {
        var found = new ArrayList<JournalEvent>();
        // read first: a row may exist before it is on stable storage
        var end = ledger.arrivals().end();
        var place = after.value();
        while (place < end && found.size() < limit) {
            var rows = reader.from(place, limit - found.size());
            if (rows.isEmpty()) {
                return found;
            }
            for (var row : rows) {
                collect(row, after.value(), end, limit, found);
            }
            place = rows.getLast().end();
        }
        return found;
    }

    private static void collect(JournalQueries.Row row, long after, long end, int limit, List<JournalEvent> found) {
        for (var entry : row.entries()) {
            for (var i = 0; i < entry.facts().size() && found.size() < limit; i++) {
                var place = entry.position() + i;
                if (place > after && place <= end) {
                    found.add(entry.event(i, row.recordedAt()));
                }
            }
        }
    }

    @Override
    public Optional<JournalEvent> find(JournalPosition position) {
        var place = position.value();
        if (place > ledger.arrivals().end()) {
            return Optional.empty();
        }
        return reader.holding(place)
                .flatMap(row -> row.holding(place)
                        .map(entry -> entry.event((int) (place - entry.position()), row.recordedAt())));
    }

    @Override
    public List<JournalEvent> newest(MailboxId mailbox, Predicate<JournalEvent> wanted, int most, int entries) {
        var found = new ArrayList<JournalEvent>();
        var from = ledger.find(mailbox).map(cell -> cell.lastPosition).orElse(0L);
        var left = new int[] {entries};
        walk.back(mailbox, from, (entry, recordedAt) -> {
            for (var i = entry.facts().size() - 1; i >= 0 && found.size() < most; i--) {
                var event = entry.event(i, recordedAt);
                if (wanted.test(event)) {
                    found.add(event);
                }
            }
            left[0]--;
            return left[0] > 0 && found.size() < most;
        });
        return found;
    }

    @Override
    public JournalPosition oldest() {
        // read first: an event appended after a look at an empty table is not gone
        var end = ledger.arrivals().end();
        return new JournalPosition(reader.oldest(1).stream()
                .findFirst()
                .map(extent -> Math.min(extent.position() - 1, end))
                .orElse(end));
    }

    @Override
    public JournalPosition end() {
        return new JournalPosition(ledger.arrivals().end());
    }

    @Override
    public boolean awaitBeyond(JournalPosition after, Duration most) throws InterruptedException {
        return ledger.arrivals().awaitBeyond(after.value(), most);
    }

    @Override
    public void appendInstanceEvent(String type, Map<String, Object> fields) {
        ledger.change(draft -> {
            draft.appendInstanceEvent(instance, type, fields);
            return draft;
        });
    }

    @Override
    public void appendMailboxEvent(MailboxId mailbox, String type, Map<String, Object> fields) {
        ledger.change(draft -> draft.find(mailbox).map(seen -> {
            var cell = draft.edit(seen);
            draft.appendLifecycleEvent(cell, type, fields);
            return cell;
        }));
    }

    @Override
    public int prune(Instant moment, JournalPosition delivered, int most) {
        var old = old(moment, delivered, most);
        if (old.isEmpty()) {
            return 0;
        }
        var last = old.getLast().end();
        // a dead letter that is sent again keeps its detail
        var untold = Math.min(last, dead.lowest().orElse(Long.MAX_VALUE) - 1);
        return ledger.change(draft -> {
            draft.add(new Change.JournalPruned(last));
            draft.add(new Change.DetailsPruned(untold));
            return old.size();
        });
    }

    private List<JournalQueries.Extent> old(Instant moment, JournalPosition delivered, int most) {
        // usually not even the first is due, and then hundreds more need not be read
        var oldest = reader.oldest(1);
        var older = oldest.stream().mapToLong(row -> olderThan(moment, row)).sum();
        Predicate<JournalQueries.Extent> isOld =
                row -> (row.recordedAt().isBefore(moment) || row.position() < older) && row.end() <= delivered.value();
        return oldest.stream().anyMatch(isOld)
                ? reader.oldest(most).stream().takeWhile(isOld).toList()
                : List.of();
    }

    /// Returns the position before which all rows are older than `moment`, whatever their timestamps; 0 if there
    /// is none. If the clock was set back, earlier rows lie in the future, but are at least as old as later ones.
    private long olderThan(Instant moment, JournalQueries.Extent oldest) {
        var now = clock.instant();
        return Optional.of(oldest)
                .filter(row -> row.recordedAt().isAfter(now))
                .flatMap(row -> reader.firstBy(now, row))
                .filter(row -> row.recordedAt().isBefore(moment))
                .map(JournalQueries.Extent::position)
                .orElse(0L);
    }
}
