package dev.tidemark.watermark.rules;

import dev.tidemark.watermark.change.RowReader;
import dev.tidemark.watermark.change.RowWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A time in which a mailbox's events may come a second time, by a replay or a resync. Ids that the journal
/// holds beyond `start` count as known.
///
/// @param openedAt when it was last opened, so that it does not last for ever
/// @param closedAt when the replay or resync was under way completely; what push says that happened well
///     after this cannot have been found before
/// @param passed whether push has got beyond it
record Overlap(long start, Instant openedAt, Optional<Instant> closedAt, boolean passed) {
    private static final Duration LONGEST = Duration.ofDays(30);

    static Overlap open(Optional<Overlap> before, long start, Instant now) {
        var first = before.map(Overlap::start).filter(earlier -> earlier < start);
        return new Overlap(first.orElse(start), now, Optional.empty(), false);
    }

    Overlap closed(Instant now) {
        return new Overlap(start, openedAt, Optional.of(now), false);
    }

    /// After push told of something that happened at `time`, by Exchange's clock.
    Overlap after(Instant time, Duration margin) {
        var beyond = closedAt.filter(closed -> time.isAfter(closed.plus(margin)));
        return passed || beyond.isEmpty() ? this : new Overlap(start, openedAt, closedAt, true);
    }

    boolean over(Instant now) {
        return passed || openedAt.plus(LONGEST).isBefore(now);
    }

    /// As it is seen after the clock was set back.
    Overlap by(Hindsight hindsight) {
        return new Overlap(start, hindsight.past(openedAt), closedAt.map(hindsight::past), passed);
    }

    void write(RowWriter out) {
        out.number(start).instant(openedAt).optionalInstant(closedAt).flag(passed);
    }

    static Overlap read(RowReader in) {
        return new Overlap(in.number(), in.instant(), in.optionalInstant(), in.flag());
    }
}
