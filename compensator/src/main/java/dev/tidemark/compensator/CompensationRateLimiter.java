package dev.tidemark.compensator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.DoubleSupplier;

/// Lets so many start within any second, and not one more; and not all of them at once, but spread by chance,
/// so that they do not come back together next time. Used by one thread.
final class CompensationRateLimiter {
    private static final Duration WINDOW = Duration.ofSeconds(1);

    /// The spaces between two are shorter than the rate asks for, on average, so that it is reached.
    private static final double LONGEST_SHARE = 1.2;

    /// What was missed by looking late may be made up for.
    private static final Duration CREDIT = Duration.ofMillis(100);

    private final int most;
    private final DoubleSupplier chance;
    private final Deque<Instant> started = new ArrayDeque<>();
    private Instant spaceUntil = Instant.MIN;
    private Instant spaceBefore = Instant.MIN;

    /// `chance` gives numbers from 0 up to 1.
    CompensationRateLimiter(int most, DoubleSupplier chance) {
        this.most = most;
        this.chance = chance;
    }

    /// Whether one more may start now; if so it counts as started.
    boolean allows(Instant now) {
        if (!started.isEmpty() && started.getLast().isAfter(now)) {
            // the clock was set back; what it said before is worth nothing
            started.clear();
            spaceUntil = now;
        }
        while (!started.isEmpty() && !started.getFirst().plus(WINDOW).isAfter(now)) {
            started.removeFirst();
        }
        if (started.size() == most || now.isBefore(spaceUntil)) {
            return false;
        }
        started.addLast(now);
        spaceBefore = spaceUntil;
        spaceUntil = laterOf(spaceUntil, now.minus(CREDIT)).plus(space());
        return true;
    }

    private Duration space() {
        return Duration.ofNanos(Math.round(WINDOW.toNanos() * LONGEST_SHARE * chance.getAsDouble() / most));
    }

    /// Takes the last one back: it did not start after all.
    void giveBack() {
        started.removeLast();
        spaceUntil = spaceBefore;
    }

    /// When one more may start, after [#allows] said no.
    Instant next() {
        return started.size() == most ? laterOf(started.getFirst().plus(WINDOW), spaceUntil) : spaceUntil;
    }

    private static Instant laterOf(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
