package dev.tidemark.forwarder;

import dev.tidemark.http.RequestedDelay;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Parses the `Retry-After` of a receiver, limited to 24 h. Thread-safe.
final class RetryAfterParser {
    private static final Duration MAX_WAIT = Duration.ofHours(24);

    private RetryAfterParser() {}

    /// Returns the requested time, at most 24 h ahead. Empty if it is unreadable or in the past: a receiver
    /// with a wrong clock would otherwise get the event again at once, forever.
    static Optional<Instant> parse(String text, Instant now) {
        return RequestedDelay.ofRetryAfter(text, now)
                .map(RequestedDelay::length)
                .map(wait -> wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait)
                .map(now::plus);
    }
}
