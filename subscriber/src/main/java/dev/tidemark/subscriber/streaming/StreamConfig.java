package dev.tidemark.subscriber.streaming;

import java.time.Duration;

/// How streams are held open. Times are whole minutes, 1 to 30 (XSD,
/// StreamingSubscriptionConnectionTimeoutType).
///
/// @param initial how long the first stream is asked to last
/// @param min no stream is asked for less
/// @param max nor for more
/// @param maxConnections streams that may be open at once in one mailbox's name, by what Exchange knows
public record StreamConfig(Duration initial, Duration min, Duration max, int maxConnections) {
    public static final StreamConfig DEFAULT =
            new StreamConfig(Duration.ofMinutes(15), Duration.ofMinutes(1), Duration.ofMinutes(30), 3);

    public StreamConfig {
        var ordered = min.compareTo(initial) <= 0 && initial.compareTo(max) <= 0;
        if (min.toMinutes() < 1 || max.compareTo(Duration.ofMinutes(30)) > 0 || !ordered || maxConnections < 1) {
            throw new IllegalArgumentException("Streams cannot last " + min + " to " + max + ", the first one "
                    + initial + ", with " + maxConnections + " for each mailbox; expected 1 to 30 minutes, in this"
                    + " order, and at least 1.");
        }
    }
}
