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

/// Estimates the clock of one Exchange organization from the `Date` of successful EWS responses. Error pages,
/// which a proxy may have written, do not count. A proxy may write the `Date` of every response, so the times of
/// live events count as well. If readings disagree, because a clock was set or several servers respond, it converts
/// to the earlier time. A resync that looks back too far repeats changes, which the store drops; one that looks back
/// too little loses mail. Thread-safe.
public final class ExchangeClock {
    /// Readings that differ by less count as equal.
    private static final Duration SAME = Duration.ofSeconds(2);

    /// A `Date` has whole seconds (RFC 9110, section 5.6.7).
    private static final Duration PRECISION = Duration.ofSeconds(1);

    /// A slower response leaves the instant of its `Date` too uncertain.
    private static final Duration SLOW = Duration.ofSeconds(30);

    /// A `Date` further off counts as absent: the header is wrong, not the clock.
    private static final Duration ABSURD = Duration.ofDays(366);

    /// Servers that disagree all respond within this time.
    private static final Duration RECENT = Duration.ofHours(1);

    /// Drift of a slewed clock; beyond it, a reading counts as that of another clock.
    private static final Duration MOST_DRIFT = Duration.ofSeconds(60);

    /// Events are received this long after they happened, or little later than that.
    private static final Duration DELIVERY = Duration.ofSeconds(30);

    private static final int MOST_READINGS = 32;

    private final Clock ours;
    /// offsets that differ, in the order in which they were last seen
    private final Deque<Reading> readings = new ArrayDeque<>();

    /// lower bound of the offset, by the times of events
    private Optional<Duration> byEvents = Optional.empty();
    /// lower bounds that a higher one replaced, in the order in which that happened
    private final Deque<Reading> replaced = new ArrayDeque<>();

    /// Group of responses that agree, except for drift.
    ///
    /// @param newest newest reading of the group
    /// @param firstSeen time of the oldest reading, by Tidemark's clock
    /// @param lastSeen time of the newest reading, by Tidemark's clock
    private record Reading(ClockOffset range, Duration newest, Instant firstSeen, Instant lastSeen) {
        /// Returns the range of the reading: `Date` is an instant between request and response.
        static Reading of(Instant date, Instant askedAt, Instant seen) {
            var least = Duration.between(seen, date);
            var most = Duration.between(askedAt, date.plus(PRECISION));
            return new Reading(new ClockOffset(least, most), least.plus(most).dividedBy(2), seen, seen);
        }

        boolean isLike(Reading later) {
            return newest.minus(later.newest()).abs().compareTo(SAME) <= 0
                    && range.most().minus(range.least()).compareTo(MOST_DRIFT) < 0;
        }

        boolean spans(Instant moment) {
            return !firstSeen.isAfter(moment) && !lastSeen.isBefore(moment);
        }

        Reading with(Reading later) {
            return new Reading(range.with(later.range()), later.newest(), firstSeen, later.lastSeen());
        }
    }

    public ExchangeClock(Clock ours) {
        this.ours = ours;
    }

    /// Returns the clock of a client that reads none: it counts as equal to ours.
    static ExchangeClock unread() {
        return new ExchangeClock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    }

    /// Restores the offset that was learned before a restart. Does nothing once there is a reading.
    public synchronized void resume(ClockOffset before) {
        if (readings.isEmpty()) {
            readings.add(new Reading(before, before.least(), Instant.MIN, Instant.MIN));
        }
    }

    /// Returns the present time by our clock, to be handed to [#answered].
    public Instant asked() {
        return ours.instant();
    }

    /// Adds a reading from a successful response.
    ///
    /// @param askedAt result of [#asked] right before the request
    /// @param date time by Exchange's clock in the response's head
    public synchronized void answered(Instant askedAt, Instant date) {
        var now = ours.instant();
        var took = Duration.between(askedAt, now);
        if (took.isNegative() || took.compareTo(SLOW) > 0 || isAbsurd(date, now)) {
            return;
        }
        // our own clock may have been set back since
        readings.removeIf(reading -> reading.lastSeen().isAfter(now.plus(RECENT)));
        add(Reading.of(date, askedAt, now));
    }

    /// Takes the largest of the recent lower bounds that live events gave: time of an event less that of its
    /// receipt. Deliveries may be late, so a low one may only widen the range. What came before a higher one may
    /// still have its time by the lower one.
    public synchronized void heard(Duration largestBound) {
        byEvents.filter(before -> largestBound.minus(before).compareTo(DELIVERY) > 0)
                .ifPresent(before -> {
                    var now = ours.instant();
                    replaced.addLast(new Reading(new ClockOffset(before, before), before, now, now));
                    limit(replaced);
                });
        byEvents = Optional.of(largestBound);
    }

    private static boolean isAbsurd(Instant date, Instant now) {
        return Duration.between(now, date).abs().compareTo(ABSURD) > 0;
    }

    private void add(Reading latest) {
        var same = readings.reversed().stream()
                .filter(reading -> reading.isLike(latest))
                .findFirst();
        same.ifPresent(readings::remove);
        readings.addLast(same.map(reading -> reading.with(latest)).orElse(latest));
        limit(readings);
    }

    private static void limit(Deque<Reading> some) {
        if (some.size() > MOST_READINGS) {
            // of older readings only the limits are known
            var oldest = some.removeFirst();
            some.addFirst(oldest.with(some.removeFirst()));
        }
    }

    /// Returns the newest reading; absent until there is one.
    public synchronized Optional<Duration> ahead() {
        return Optional.ofNullable(readings.peekLast()).map(Reading::newest);
    }

    /// Returns the readings of the last hour, or the newest one, widened by the times of events.
    public synchronized ClockOffset offset() {
        return readings.isEmpty()
                ? withEvents(ClockOffset.NONE)
                : withEvents(over(readings.getLast().lastSeen(), RECENT));
    }

    /// Converts a time by Tidemark's clock to Exchange's: the earliest time that its clocks may have shown then,
    /// or may have given to anything since.
    public synchronized Instant exchanges(Instant ourTime) {
        return ourTime.plus(since(ourTime).least());
    }

    /// Returns the earliest time by our clock of anything that is not older than [#exchanges] of the same time. A
    /// clock that was ahead before may have given a later time to it.
    public synchronized Instant coveredFrom(Instant ourTime) {
        return exchanges(ourTime).minus(since(Instant.MIN).most());
    }

    /// Returns every offset that Exchange's clocks may have had since a time by Tidemark's clock.
    public synchronized ClockOffset since(Instant ourTime) {
        return withReplaced(over(ourTime, Duration.ZERO), ourTime);
    }

    /// Returns the same for the next start. It counts for that whole life, so it forgets what was over an hour
    /// before.
    public synchronized ClockOffset remembered(Instant ourTime) {
        var start = ourTime.minus(RECENT);
        // the reading before counts unless another one shows that its time was over
        var isOver = readings.stream().anyMatch(reading -> reading.spans(start));
        return withReplaced(isOver ? over(ourTime, RECENT) : over(start, Duration.ZERO), start);
    }

    private ClockOffset withReplaced(ClockOffset range, Instant since) {
        return withEvents(replaced.stream()
                .filter(bound -> !bound.lastSeen().isBefore(since))
                .map(Reading::range)
                .reduce(range, ClockOffset::with));
    }

    private ClockOffset withEvents(ClockOffset range) {
        return byEvents.map(bound -> range.reaching(bound, DELIVERY)).orElse(range);
    }

    /// Returns the range of the readings since `moment` less `before`, with the one that held until then.
    private ClockOffset over(Instant moment, Duration before) {
        var start = moment.equals(Instant.MIN) ? moment : moment.minus(before);
        var held = readings.stream()
                .filter(reading -> reading.lastSeen().isBefore(start))
                .reduce((one, later) -> later);
        var since = readings.stream().filter(reading -> !reading.lastSeen().isBefore(start));
        return Stream.concat(before.isZero() ? held.stream() : Stream.empty(), since)
                .map(Reading::range)
                .reduce(ClockOffset::with)
                .orElse(ClockOffset.NONE);
    }
}
