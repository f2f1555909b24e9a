package dev.tidemark.store.rules;

import dev.tidemark.store.engine.JournalQueries;
import dev.tidemark.store.engine.StoreEngine;
import dev.tidemark.values.ReadableTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Detects at the opening of a store that the clock was set back since the last use, and corrects the stored
/// timestamps. Otherwise, work scheduled by them would wait for as long as the clock was ahead.
final class ClockRollbackRepairer {
    private static final Logger LOG = LoggerFactory.getLogger(ClockRollbackRepairer.class);

    /// Smaller clock corrections are common and not logged.
    private static final Duration NOTABLE = Duration.ofSeconds(2);

    /// Number of journal rows searched for an event with a time from Exchange.
    private static final int ROWS = 1000;

    /// Longer than Exchange keeps events.
    private static final Duration MAX_LOOKBACK = Duration.ofDays(30);

    private final StoreEngine engine;
    private final JournalQueries journal;
    private final OffsetRules offsets;
    private final StoreUpkeep upkeep;

    ClockRollbackRepairer(StoreEngine engine, OffsetRules offsets, StoreUpkeep upkeep) {
        this.engine = engine;
        this.journal = engine.journal();
        this.offsets = offsets;
        this.upkeep = upkeep;
    }

    /// Corrects the timestamps. Must run before any other use of the store.
    ///
    /// @param createdAt creation time of the store
    void repair(CommittedState committed, Instant createdAt, Duration resyncMargin, Instant now) {
        var noted = Stream.of(
                        committed.all().stream().flatMap(ClockRollback::timestampsOf),
                        journal.newest().map(JournalQueries.Extent::recordedAt).stream(),
                        engine.times().newest().stream())
                .flatMap(timestamps -> timestamps)
                .max(Instant::compareTo)
                .filter(now::isBefore);
        noted.ifPresent(last ->
                repair(committed, new ClockRollback(now, last, lastReportedTime(createdAt, now), resyncMargin)));
    }

    private void repair(CommittedState committed, ClockRollback rollback) {
        var ahead = rollback.ahead();
        if (ahead.compareTo(NOTABLE) > 0) {
            LOG.warn(
                    "The clock went back to {}, by at least {} s since the last use of the store; past timestamps count"
                            + " as now, scheduled work is due that much sooner, and resyncs start at {} or earlier;"
                            + " check the system clock",
                    ReadableTime.of(rollback.now()),
                    ahead.toSeconds(),
                    ReadableTime.of(rollback.reportedAt()));
        }
        committed.memory().correct(rollback::correct);
        new TimestampColumns(engine).correct(committed, rollback);
        // so that the next start does not treat the mailbox as just called back
        upkeep.saveHeartbeats();
    }

    /// Returns a time that had passed at the last use of the store: by the local clock, at most that of the newest
    /// event.
    private Instant lastReportedTime(Instant createdAt, Instant now) {
        var position = journal.newest().map(JournalQueries.Extent::end);
        for (var i = 0; i < ROWS && position.isPresent(); i++) {
            var row = journal.holding(position.get());
            var reported = row.stream().flatMap(this::reportedTimes).max(Instant::compareTo);
            if (reported.isPresent()) {
                return reported.get().isAfter(now) ? now : reported.get();
            }
            position = row.map(found -> found.position() - 1);
        }
        return createdAt.isAfter(now) ? now.minus(MAX_LOOKBACK) : createdAt;
    }

    private Stream<Instant> reportedTimes(JournalQueries.Row row) {
        return row.entries().stream()
                .filter(entry -> entry.push().isPresent())
                .flatMap(entry -> offsets.latestLocalTimes(entry).stream());
    }
}
