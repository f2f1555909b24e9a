package dev.tidemark.subscriber;

import java.time.Duration;
import java.time.Instant;

/// Limits the time for fetching a detail. For an event from before a restart, the minute begins with the restart,
/// even if the clock was set back and the event lies in the future.
///
/// @param startedAt start of this process
record DetailPatience(Instant startedAt) {
    /// An event is held for a minute; this leaves time to store the failure.
    private static final Duration LIMIT = Duration.ofSeconds(57);

    boolean isOver(Instant recordedAt, Instant now) {
        var from = recordedAt.isAfter(startedAt) && !recordedAt.isAfter(now) ? recordedAt : startedAt;
        return !now.isBefore(from.plus(LIMIT));
    }
}
