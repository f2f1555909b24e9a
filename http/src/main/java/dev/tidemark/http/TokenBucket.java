package dev.tidemark.http;

import java.time.Duration;
import java.time.Instant;

/// Limits requests or events per second and spreads them evenly. If a caller takes more than one token at a time,
/// later callers wait longer. Not thread-safe; guarded by the caller's lock.
public final class TokenBucket {
    private final double nanosEach;
    private final Duration slack;
    private Instant next = Instant.MIN;

    /// Creates a bucket with one token.
    ///
    /// @param perSecond limit per second; 0 means no limit
    /// @param slack delay of timers that a caller may catch up on; zero keeps any second within the limit
    public TokenBucket(int perSecond, Duration slack) {
        this.nanosEach = perSecond == 0 ? 0 : 1e9 / perSecond;
        this.slack = slack;
    }

    /// Returns the time of the next token; a past time if there is one now.
    public Instant nextAllowedAt() {
        return next;
    }

    public boolean allows(Instant now) {
        return !next.isAfter(now);
    }

    /// Takes tokens, also those that are not there yet.
    public void take(int tokens, Instant now) {
        if (nanosEach > 0) {
            var earliest = now.minus(slack);
            var from = next.isBefore(earliest) ? earliest : next;
            next = from.plusNanos((long) Math.ceil(tokens * nanosEach));
        }
    }
}
