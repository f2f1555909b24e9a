package dev.tidemark.subscriber;

import java.time.Duration;
import java.time.Instant;

/// Limits how long a detail is tried for. What was journaled before a restart has its minute from there, also
/// where the clock was set back and the event lies in the future.
///
/// @param startedAt when this process began
record DetailPatience(Instant startedAt) {
    /// An event is held for a minute; this leaves time to store that it was in vain.
    private static final Duration LIMIT = Duration.ofSeconds(57);

    boolean isOver(Instant recordedAt, Instant now) {
        var from = recordedAt.isAfter(startedAt) && !recordedAt.isAfter(now) ? recordedAt : startedAt;
        return !now.isBefore(from.plus(LIMIT));
    }
}
