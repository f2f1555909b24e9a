package dev.tidemark.ews;

import dev.tidemark.values.ClockOffset;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.stream.Stream;

/// Estimates the clock of one Exchange organization. It reads the `Date` of successful EWS responses; a proxy
/// may have written that of an error page. A proxy may also write the `Date` of every response, so the times of
/// live events count as well. If readings disagree, because a clock was set or several servers respond, it
/// converts to the earlier time. A resync that looks back too far repeats changes, which the store drops. One
/// that looks back too little loses mail. Thread-safe.
public final class ExchangeClock {
    /// Readings that differ by less count as equal.
    private static final Duration SAME = Duration.ofSeconds(2);

    /// A `Date` has whole seconds (RFC 9110, section 5.6.7).
    private static final Duration PRECISION = Duration.ofSeconds(1);

    /// A slower response leaves the instant of its `Date` too uncertain.
    private static final Duration SLOW = Duration.ofSeconds(30);

    /// A `Date` further off counts as absent: the header is wrong, not the clock.
    private static final Duration MAX_OFFSET = Duration.ofDays(366);

    /// Servers that disagree all respond within this time.
    private static final Duration RECENT = Duration.ofHours(1);

    /// Drift of a slewed clock; beyond it, a reading counts as that of another clock.
    private static final Duration MAX_DRIFT = Duration.ofSeconds(60);

    /// Maximum usual delay between an event and its callback.
    private static final Duration DELIVERY = Duration.ofSeconds(30);

    private static final int MAX_READINGS = 32;

    private final Clock clock;
    /// Distinct offsets, ordered by the time of their last reading.
    private final Deque<Reading> readings = new ArrayDeque<>();

    /// Lower bound of the offset, from the times of events.
    private Optional<Duration> eventBound = Optional.empty();

    /// Lower bounds that a higher one replaced, in the order of their replacement.
    private final Deque<Reading> replacedBounds = new ArrayDeque<>();

    /// Group of responses that agree, except for drift.
    ///
    /// @param newest newest reading of the group
    /// @param firstSeen time of the oldest reading, by Tidemark's clock
    /// @param lastSeen time of the newest reading, by Tidemark's clock
    private record Reading(ClockOffset range, Duration newest, Instant firstSeen, Instant lastSeen) {
        /// Returns the range of the reading: `Date` is an instant between request and response.
        static Reading of(Instant date, Instant askedAt, Instant seen) {
            var lower = Duration.between(seen, date);
            var upper = Duration.between(askedAt, date.plus(PRECISION));
            return new Reading(new ClockOffset(lower, upper), lower.plus(upper).dividedBy(2), seen, seen);
        }

        boolean isLike(Reading later) {
            return newest.minus(later.newest()).abs().compareTo(SAME) <= 0
                    && range.most().minus(range.least()).compareTo(MAX_DRIFT) < 0;
        }

        boolean spans(Instant time) {
            return !firstSeen.isAfter(time) && !lastSeen.isBefore(time);
        }

        Reading merge(Reading later) {
            return new Reading(range.union(later.range()), later.newest(), firstSeen, later.lastSeen());
        }
    }

    public ExchangeClock(Clock clock) {
        this.clock = clock;
    }

    /// Returns a clock without readings, which counts as equal to Tidemark's.
    static ExchangeClock withoutReadings() {
        return new ExchangeClock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    }

    /// Restores an offset that was measured before a restart. Does nothing if there is a reading already.
    public synchronized void restore(ClockOffset before) {
        if (readings.isEmpty()) {
            readings.add(new Reading(before, before.least(), Instant.MIN, Instant.MIN));
        }
    }

    /// Returns the current time by Tidemark's clock, for [#addResponse].
    public Instant localNow() {
        return clock.instant();
    }

    /// Adds a reading from a successful response.
    ///
    /// @param askedAt result of [#localNow] right before the request
    /// @param date time by Exchange's clock in the response's headers
    public synchronized void addResponse(Instant askedAt, Instant date) {
        var now = clock.instant();
        var took = Duration.between(askedAt, now);
        if (took.isNegative() || took.compareTo(SLOW) > 0 || isTooFarOff(date, now)) {
            return;
        }
        // Tidemark's clock may have been set back meanwhile
        readings.removeIf(reading -> reading.lastSeen().isAfter(now.plus(RECENT)));
        add(Reading.of(date, askedAt, now));
    }

    /// Sets the largest recent lower bound from live events: the time of an event minus the time of its
    /// receipt. A delivery may be late, so a low bound can only widen the range. Changes from before a higher
    /// bound may still have their time by the lower one.
    public synchronized void setEventBound(Duration largestBound) {
        eventBound
                .filter(before -> largestBound.minus(before).compareTo(DELIVERY) > 0)
                .ifPresent(before -> {
                    var now = clock.instant();
                    replacedBounds.addLast(new Reading(new ClockOffset(before, before), before, now, now));
                    limit(replacedBounds);
                });
        eventBound = Optional.of(largestBound);
    }

    private static boolean isTooFarOff(Instant date, Instant now) {
        return Duration.between(now, date).abs().compareTo(MAX_OFFSET) > 0;
    }

    private void add(Reading latest) {
        var same = readings.reversed().stream()
                .filter(reading -> reading.isLike(latest))
                .findFirst();
        same.ifPresent(readings::remove);
        readings.addLast(same.map(reading -> reading.merge(latest)).orElse(latest));
        limit(readings);
    }

    private static void limit(Deque<Reading> some) {
        if (some.size() > MAX_READINGS) {
            // older readings are reduced to their range
            var oldest = some.removeFirst();
            some.addFirst(oldest.merge(some.removeFirst()));
        }
    }

    /// Returns the newest reading; absent until there is one.
    public synchronized Optional<Duration> latestOffset() {
        return Optional.ofNullable(readings.peekLast()).map(Reading::newest);
    }

    /// Returns the readings of the last hour, or the newest one, widened by the times of events.
    public synchronized ClockOffset offset() {
        return readings.isEmpty()
                ? withEvents(ClockOffset.NONE)
                : withEvents(rangeOf(readings.getLast().lastSeen(), RECENT));
    }

    /// Converts a time by Tidemark's clock to Exchange's. Returns the earliest time that its clocks may have
    /// shown then, or may have given to anything since.
    public synchronized Instant toExchangeTime(Instant ourTime) {
        return ourTime.plus(rangeSince(ourTime).least());
    }

    /// Returns the earliest time by Tidemark's clock of anything that is not older than [#toExchangeTime] of
    /// `ourTime`. A clock that was ahead before may have given a later time to it.
    public synchronized Instant coveredFrom(Instant ourTime) {
        return toExchangeTime(ourTime).minus(rangeSince(Instant.MIN).most());
    }

    /// Returns the range of all offsets that Exchange's clocks may have had since a time by Tidemark's clock.
    public synchronized ClockOffset rangeSince(Instant ourTime) {
        return withReplacedBounds(rangeOf(ourTime, Duration.ZERO), ourTime);
    }

    /// Returns the range since `ourTime` for the next start. It counts during that whole run, so it excludes
    /// readings that ended more than an hour before `ourTime`.
    public synchronized ClockOffset rangeForNextStart(Instant ourTime) {
        var start = ourTime.minus(RECENT);
        // the previous reading counts unless another reading spans the start
        var isOver = readings.stream().anyMatch(reading -> reading.spans(start));
        return withReplacedBounds(isOver ? rangeOf(ourTime, RECENT) : rangeOf(start, Duration.ZERO), start);
    }

    private ClockOffset withReplacedBounds(ClockOffset range, Instant since) {
        return withEvents(replacedBounds.stream()
                .filter(bound -> !bound.lastSeen().isBefore(since))
                .map(Reading::range)
                .reduce(range, ClockOffset::union));
    }

    private ClockOffset withEvents(ClockOffset range) {
        return eventBound.map(bound -> range.widenedTo(bound, DELIVERY)).orElse(range);
    }

    /// Returns the range of all readings since `start` minus `before`. If `before` is zero, it includes the
    /// previous reading.
    private ClockOffset rangeOf(Instant start, Duration before) {
        var from = start.equals(Instant.MIN) ? start : start.minus(before);
        var previous = readings.stream()
                .filter(reading -> reading.lastSeen().isBefore(from))
                .reduce((one, later) -> later);
        var recent = readings.stream().filter(reading -> !reading.lastSeen().isBefore(from));
        return Stream.concat(before.isZero() ? previous.stream() : Stream.empty(), recent)
                .map(Reading::range)
                .reduce(ClockOffset::union)
                .orElse(ClockOffset.NONE);
    }
}
