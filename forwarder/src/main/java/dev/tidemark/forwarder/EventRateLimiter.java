package dev.tidemark.forwarder;

import java.time.Duration;
import java.time.Instant;

/// Limits events per second and spreads them evenly. If a request exceeds its share, later requests wait
/// longer. Not thread-safe; guarded by the sink's lock.
final class EventRateLimiter {
    /// Delay of timers that a sink may catch up on.
    private static final Duration SLACK = Duration.ofMillis(50);

    private final double nanosEach;
    private Instant next = Instant.MIN;

    /// @param perSecond limit of events per second; 0 means no limit
    public EventRateLimiter(int perSecond) {
        this.nanosEach = perSecond == 0 ? 0 : 1e9 / perSecond;
    }

    /// Returns the time at which the next request is allowed; a past time if it is allowed now.
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
