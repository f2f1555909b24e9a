package dev.tidemark.listener;

import dev.tidemark.store.model.AttemptId;
import java.time.Instant;

/// A call-back that came in whole, not decoded yet.
final class RawCallback {
    private final AttemptId attempt;
    private final byte[] body;
    private final Instant at;
    private final String caller;
    private final PendingResponse pending;

    RawCallback(AttemptId attempt, byte[] body, Instant at, String caller, PendingResponse pending) {
        this.attempt = attempt;
        this.body = body;
        this.at = at;
        this.caller = caller;
        this.pending = pending;
    }

    AttemptId attempt() {
        return attempt;
    }

    /// Not copied; nobody writes to it.
    byte[] body() {
        return body;
    }

    Instant at() {
        return at;
    }

    String caller() {
        return caller;
    }

    PendingResponse pending() {
        return pending;
    }
}
