package dev.tidemark.forwarder;

import dev.tidemark.http.RequestedDelay;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Reads the `Retry-After` of a receiver, and obeys it for at most a day.
final class RetryAfterParser {
    private static final Duration MAX_WAIT = Duration.ofHours(24);

    private RetryAfterParser() {}

    /// Returns the time that the text names, at most a day ahead. Empty if it is unreadable, or a date that has
    /// passed: a receiver whose clock is wrong would get the event again at once, forever.
    static Optional<Instant> parse(String text, Instant now) {
        return RequestedDelay.ofRetryAfter(text, now)
                .map(RequestedDelay::length)
                .map(wait -> wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait)
                .map(now::plus);
    }
}
