package dev.tidemark.daemon;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Clock for schedules and stored timestamps. Follows the system clock while that runs evenly. After a leap it
/// approaches the system clock gradually: at half speed after a step back, a quarter faster after a step
/// forward. Scheduled work therefore never waits for the length of a step back. A step forward does not make
/// anything expire early or count as late. Thread-safe.
final class SlewingClock extends Clock {
    private static final Logger LOG = LoggerFactory.getLogger(SlewingClock.class);

    /// Smallest step that counts as a leap. The system corrects clocks by less all the time.
    private static final Duration MIN_LEAP = Duration.ofSeconds(2);

    /// Interval between comparisons of both time sources, in nanoseconds.
    private static final long COMPARE_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

    private final Clock system;
    private final LongSupplier nanos;
    private volatile Mark last;

    /// Time of this clock at a reading of the monotonic counter. `apart` is true while this clock differs from
    /// the system clock.
    private record Mark(Instant at, long nanos, boolean apart) {
        Instant after(long passed) {
            return at.plusNanos(passed);
        }
    }

    /// @param nanos monotonic counter in nanoseconds, such as `System.nanoTime`
    SlewingClock(Clock system, LongSupplier nanos) {
        this.system = system;
        this.nanos = nanos;
        this.last = new Mark(system.instant(), nanos.getAsLong(), false);
    }

    @Override
    public Instant instant() {
        var mark = last;
        var now = system.instant();
        var passed = nanos.getAsLong() - mark.nanos();
        return !mark.apart() && passed < COMPARE_INTERVAL_NANOS && isNear(mark.after(passed), now) ? now : approach();
    }

    private synchronized Instant approach() {
        var before = last;
        var now = system.instant();
        var at = nanos.getAsLong();
        var next = next(before, at - before.nanos(), now);
        last = new Mark(next, at, !next.equals(now));
        return next;
    }

    private static Instant next(Mark before, long passed, Instant now) {
        var even = before.after(passed);
        if (!before.apart()) {
            if (isNear(even, now)) {
                return now;
            }
            logLeap(Duration.between(even, now));
        }
        if (now.isBefore(even)) {
            var slow = before.after(passed / 2);
            return slow.isBefore(now) ? logAgreement(now) : slow;
        }
        var fast = before.after(passed + passed / 4);
        return fast.isBefore(now) ? fast : logAgreement(now);
    }

    private static boolean isNear(Instant one, Instant other) {
        return Duration.between(one, other).abs().compareTo(MIN_LEAP) < 0;
    }

    private static void logLeap(Duration leap) {
        var back = leap.isNegative();
        LOG.warn(
                "The system clock was set {} by {} s; Tidemark's clock approaches it within {} s; restart to"
                        + " use the new time at once",
                back ? "back" : "forward",
                leap.abs().toSeconds(),
                leap.abs().multipliedBy(back ? 2 : 4).toSeconds());
    }

    private static Instant logAgreement(Instant now) {
        LOG.info("Tidemark's clock agrees with the system clock again");
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("this clock provides instants only");
    }
}
