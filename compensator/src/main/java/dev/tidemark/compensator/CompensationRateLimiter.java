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
    private static final double MAX_SPACING_FACTOR = 1.2;

    /// What was missed by looking late may be made up for.
    private static final Duration MAX_CATCH_UP = Duration.ofMillis(100);

    private final int maxPerSecond;
    private final DoubleSupplier random;
    private final Deque<Instant> started = new ArrayDeque<>();
    private Instant spacedUntil = Instant.MIN;
    private Instant previousSpacedUntil = Instant.MIN;

    /// `chance` gives numbers from 0 up to 1.
    CompensationRateLimiter(int most, DoubleSupplier chance) {
        this.maxPerSecond = most;
        this.random = chance;
    }

    /// Whether one more may start now; if so it counts as started.
    boolean tryAcquire(Instant now) {
        if (!started.isEmpty() && started.getLast().isAfter(now)) {
            // the clock was set back; what it said before is worth nothing
            started.clear();
            spacedUntil = now;
        }
        while (!started.isEmpty() && !started.getFirst().plus(WINDOW).isAfter(now)) {
            started.removeFirst();
        }
        if (started.size() == maxPerSecond || now.isBefore(spacedUntil)) {
            return false;
        }
        started.addLast(now);
        previousSpacedUntil = spacedUntil;
        spacedUntil = laterOf(spacedUntil, now.minus(MAX_CATCH_UP)).plus(spacing());
        return true;
    }

    private Duration spacing() {
        return Duration.ofNanos(Math.round(WINDOW.toNanos() * MAX_SPACING_FACTOR * random.getAsDouble() / maxPerSecond));
    }

    /// Takes the last one back: it did not start after all.
    void release() {
        started.removeLast();
        spacedUntil = previousSpacedUntil;
    }

    /// When one more may start, after [#allows] said no.
    Instant nextPermitAt() {
        return started.size() == maxPerSecond ? laterOf(started.getFirst().plus(WINDOW), spacedUntil) : spacedUntil;
    }

    private static Instant laterOf(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
