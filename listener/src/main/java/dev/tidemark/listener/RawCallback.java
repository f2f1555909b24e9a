package dev.tidemark.listener;

import dev.tidemark.store.model.AttemptId;
import java.time.Instant;

/// Callback with a complete body that is not decoded yet. [CallbackBodyReader] creates it; the threads of
/// [DecoderPool] decode it.
final class RawCallback {
    private final AttemptId attempt;
    private final byte[] body;
    private final Instant receivedAt;
    private final String clientAddress;
    private final PendingResponse pending;

    RawCallback(AttemptId attempt, byte[] body, Instant receivedAt, String clientAddress, PendingResponse pending) {
        this.attempt = attempt;
        this.body = body;
        this.receivedAt = receivedAt;
        this.clientAddress = clientAddress;
        this.pending = pending;
    }

    AttemptId attempt() {
        return attempt;
    }

    /// Returns the body without a copy; no caller modifies it.
    byte[] body() {
        return body;
    }

    Instant receivedAt() {
        return receivedAt;
    }

    String clientAddress() {
        return clientAddress;
    }

    PendingResponse pending() {
        return pending;
    }
}
