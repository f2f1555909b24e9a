package dev.tidemark.subscriber.config;

import java.time.Duration;

/// Settings of streams. Times are whole minutes, 1 to 30 (XSD, StreamingSubscriptionConnectionTimeoutType).
///
/// @param initial requested duration of the first stream
/// @param min minimum of the requested duration
/// @param max maximum of the requested duration
/// @param maxConnections limit of open streams in the name of one mailbox, as Exchange sees them
public record StreamConfig(Duration initial, Duration min, Duration max, int maxConnections) {
    public static final StreamConfig DEFAULT =
            new StreamConfig(Duration.ofMinutes(15), Duration.ofMinutes(1), Duration.ofMinutes(30), 3);

    public StreamConfig {
        var ordered = min.compareTo(initial) <= 0 && initial.compareTo(max) <= 0;
        if (min.toMinutes() < 1 || max.compareTo(Duration.ofMinutes(30)) > 0 || !ordered || maxConnections < 1) {
            throw new IllegalArgumentException("Stream durations of " + min + " to " + max + ", initially "
                    + initial + ", with " + maxConnections
                    + " streams per mailbox are invalid; set 1 to 30 minutes with"
                    + " min <= initial <= max, and at least 1 stream.");
        }
    }
}
