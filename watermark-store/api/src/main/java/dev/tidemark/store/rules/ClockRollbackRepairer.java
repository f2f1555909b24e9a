package dev.tidemark.store.rules;

import dev.tidemark.store.engine.JournalQueries;
import dev.tidemark.store.engine.StoreEngine;
import dev.tidemark.values.ReadableTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out, when a store is opened, whether the clock was set back since it was used last, and brings the
/// moments in it back to the present: else whatever counts from them would wait for as long as the clock was
/// ahead.
final class ClockRollbackRepairer {
    private static final Logger LOG = LoggerFactory.getLogger(ClockRollbackRepairer.class);

    /// Clocks are corrected by less all the time, which is not worth a word.
    private static final Duration NOTABLE = Duration.ofSeconds(2);

    /// Rows of the journal that are looked through for an event that Exchange gave a time.
    private static final int ROWS = 1000;

    /// Further than Exchange keeps what it could still tell.
    private static final Duration FURTHEST = Duration.ofDays(30);

    private final StoreEngine engine;
    private final JournalQueries journal;
    private final OffsetRules offsets;

    ClockRollbackRepairer(StoreEngine engine, OffsetRules offsets) {
        this.engine = engine;
        this.journal = engine.journal();
        this.offsets = offsets;
    }

    /// Before anybody else uses the store.
    ///
    /// @param createdAt when the store was made
    void mend(CommittedState ledger, Instant createdAt, Duration margin, Instant now) {
        var noted = Stream.of(
                        ledger.all().stream().flatMap(ClockRollback::signs),
                        journal.newest().map(JournalQueries.Extent::recordedAt).stream(),
                        engine.times().newest().stream())
                .flatMap(signs -> signs)
                .max(Instant::compareTo)
                .filter(now::isBefore);
        noted.ifPresent(last -> mend(ledger, new ClockRollback(now, last, toldAt(createdAt, now), margin)));
    }

    private void mend(CommittedState ledger, ClockRollback hindsight) {
        var ahead = hindsight.ahead();
        if (ahead.compareTo(NOTABLE) > 0) {
            LOG.warn(
                    "The clock says {}, but was {} s ahead of that when the store was used last: what was noted then is"
                            + " taken for now, what was planned comes as much sooner, and resyncs look back to {} or"
                            + " further. Is the clock right now?",
                    ReadableTime.of(hindsight.now()),
                    ahead.toSeconds(),
                    ReadableTime.of(hindsight.told()));
        }
        ledger.correct(hindsight::mend);
        new TimestampColumns(engine).bringBack(ledger, hindsight);
        // so that a mailbox is not as if heard of just now at the next start again
        ledger.saveHeard();
    }

    /// A moment that had come when the store was used last: not later, by our clock, than the newest event.
    private Instant toldAt(Instant createdAt, Instant now) {
        var place = journal.newest().map(JournalQueries.Extent::end);
        for (var i = 0; i < ROWS && place.isPresent(); i++) {
            var row = journal.holding(place.get());
            var told = row.stream().flatMap(this::told).max(Instant::compareTo);
            if (told.isPresent()) {
                return told.get().isAfter(now) ? now : told.get();
            }
            place = row.map(found -> found.position() - 1);
        }
        return createdAt.isAfter(now) ? now.minus(FURTHEST) : createdAt;
    }

    private Stream<Instant> told(JournalQueries.Row row) {
        return row.entries().stream()
                .filter(entry -> entry.push().isPresent())
                .flatMap(entry -> offsets.oursAtLatest(entry).stream());
    }
}
