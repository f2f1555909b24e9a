package dev.tidemark.store.rules;

import dev.tidemark.store.change.BinaryValueReader;
import dev.tidemark.store.change.BinaryValueWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Period in which a mailbox's events may come a second time, by a replay or a resync. Ids that the journal holds
/// beyond `start` count as known. Immutable.
///
/// @param openedMillis time of the last opening, which limits the period: milliseconds since 1970, to save memory
/// @param closedMillis time at which the replay or resync had started completely, 0 before; it cannot have found
/// events that happened well after this time
/// @param passed true if push has reported a later event
record DuplicateWindow(long start, long openedMillis, long closedMillis, boolean passed) {
    private static final Duration MAX_DURATION = Duration.ofDays(30);

    static DuplicateWindow open(Optional<DuplicateWindow> before, long start, Instant now) {
        var first = before.map(DuplicateWindow::start).filter(earlier -> earlier < start);
        return new DuplicateWindow(first.orElse(start), now.toEpochMilli(), 0, false);
    }

    DuplicateWindow closed(Instant now) {
        return new DuplicateWindow(start, openedMillis, now.toEpochMilli(), false);
    }

    Instant openedAt() {
        return Instant.ofEpochMilli(openedMillis);
    }

    Optional<Instant> closedAt() {
        return closedMillis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(closedMillis));
    }

    /// Applies an event that push reported, which happened at `time`, by Exchange's clock.
    DuplicateWindow afterEventAt(Instant time, Duration resyncMargin) {
        var beyond = closedAt().filter(closed -> time.isAfter(closed.plus(resyncMargin)));
        return passed || beyond.isEmpty() ? this : new DuplicateWindow(start, openedMillis, closedMillis, true);
    }

    boolean isOver(Instant now) {
        return passed || openedAt().plus(MAX_DURATION).isBefore(now);
    }

    /// Returns the period with corrected times, after the clock was set back.
    DuplicateWindow correctedFor(ClockRollback rollback) {
        return of(start, rollback.correctPast(openedAt()), closedAt().map(rollback::correctPast), passed);
    }

    void write(BinaryValueWriter out) {
        out.number(start).instant(openedAt()).optionalInstant(closedAt()).flag(passed);
    }

    static DuplicateWindow read(BinaryValueReader in) {
        return of(in.number(), in.instant(), in.optionalInstant(), in.flag());
    }

    private static DuplicateWindow of(long start, Instant openedAt, Optional<Instant> closedAt, boolean passed) {
        var closed = closedAt.map(Instant::toEpochMilli).orElse(0L);
        return new DuplicateWindow(start, openedAt.toEpochMilli(), closed, passed);
    }
}
