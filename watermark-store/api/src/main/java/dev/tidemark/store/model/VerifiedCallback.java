package dev.tidemark.store.model;

import dev.tidemark.tracing.EventTracer.CallbackTrace;
import dev.tidemark.values.SendNotification;
import java.time.Instant;

/// Callback whose token proved the attempt. `from` is the caller's address, a hint for cohorts. `trace` receives its
/// new events.
public record VerifiedCallback(
        AttemptId attempt, SendNotification body, Instant receivedAt, String from, CallbackTrace trace) {
    /// Creates a callback that is not traced.
    public VerifiedCallback(AttemptId attempt, SendNotification body, Instant receivedAt, String from) {
        this(attempt, body, receivedAt, from, CallbackTrace.OFF);
    }
}
