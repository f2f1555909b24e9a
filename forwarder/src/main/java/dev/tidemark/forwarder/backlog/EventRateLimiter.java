package dev.tidemark.forwarder.backlog;

import java.time.Duration;
import java.time.Instant;

/// Keeps events to so many a second, evenly. What one request takes too much, the next ones wait for. Used by
/// one thread.
public final class EventRateLimiter {
    /// Timers are late by a few milliseconds; what that costs may be caught up with.
    private static final Duration SLACK = Duration.ofMillis(50);

    private final double nanosEach;
    private Instant next = Instant.MIN;

    /// @param aSecond 0: no limit
    public EventRateLimiter(int aSecond) {
        this.nanosEach = aSecond == 0 ? 0 : 1e9 / aSecond;
    }

    /// When the next request may go; in the past if it may go now.
    public Instant nextAllowedAt() {
        return next;
    }

    public boolean allows(Instant now) {
        return !next.isAfter(now);
    }

    public void record(int events, Instant now) {
        if (nanosEach > 0) {
            var from = next.isBefore(now.minus(SLACK)) ? now.minus(SLACK) : next;
            next = from.plusNanos(Math.round(events * nanosEach));
        }
    }
}
