package dev.tidemark.compensator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.DoubleSupplier;

/// Limits the starts of repairs to a fixed number within any second, and spreads them randomly. Without the
/// spread, their next heartbeats would come at the same time. Not thread-safe; used by the sweep thread.
final class CompensationRateLimiter {
    private static final Duration WINDOW = Duration.ofSeconds(1);

    /// Factor by which the random spacing may exceed the average. The average spacing is below the configured
    /// one, so the rate is reached.
    private static final double MAX_SPACING_FACTOR = 1.2;

    /// Limit for the time that a late check may catch up.
    private static final Duration MAX_CATCH_UP = Duration.ofMillis(100);

    private final int maxPerSecond;
    private final DoubleSupplier random;
    private final Deque<Instant> started = new ArrayDeque<>();
    private Instant spacedUntil = Instant.MIN;
    private Instant previousSpacedUntil = Instant.MIN;

    /// Creates a limiter.
    ///
    /// @param random numbers from 0 (inclusive) to 1 (exclusive)
    CompensationRateLimiter(int maxPerSecond, DoubleSupplier random) {
        this.maxPerSecond = maxPerSecond;
        this.random = random;
    }

    /// Returns true if another repair may start now, and counts it as started.
    boolean tryAcquire(Instant now) {
        if (!started.isEmpty() && started.getLast().isAfter(now)) {
            // the clock was set back, so earlier times are useless
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
        return Duration.ofNanos(
                Math.round(WINDOW.toNanos() * MAX_SPACING_FACTOR * random.getAsDouble() / maxPerSecond));
    }

    /// Releases the latest permit, because its repair did not start.
    void release() {
        started.removeLast();
        spacedUntil = previousSpacedUntil;
    }

    /// Returns the time of the next permit, after [#tryAcquire] returned false.
    Instant nextPermitAt() {
        return started.size() == maxPerSecond ? laterOf(started.getFirst().plus(WINDOW), spacedUntil) : spacedUntil;
    }

    private static Instant laterOf(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
