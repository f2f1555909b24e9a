package dev.tidemark.subscriber.detail;

import java.time.Duration;
import java.time.Instant;

/// Limits the time for fetching a detail. For an event from before a restart, the time begins with the restart.
/// This also applies if the clock was set back and the event lies in the future.
///
/// @param startedAt start of this process
record DetailPatience(Instant startedAt) {
    /// Sinks hold an event for a minute; this leaves time to store the failure.
    private static final Duration LIMIT = Duration.ofSeconds(57);

    boolean isOver(Instant recordedAt, Instant now) {
        var from = recordedAt.isAfter(startedAt) && !recordedAt.isAfter(now) ? recordedAt : startedAt;
        return !now.isBefore(from.plus(LIMIT));
    }
}
