package dev.tidemark.listener;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Callback that needs exactly one response. Holds its permit of [InFlightLimiter] until the response is sent.
/// Thread-safe.
///
/// @param startedNanos time of the request's head, by [System#nanoTime]
record PendingResponse(ResponseSender sender, InFlightLimiter.Permit permit, long startedNanos) {
    private static final Logger LOG = LoggerFactory.getLogger(PendingResponse.class);

    /// Sends a response. Runs `sent` after the response is sent or has failed. Must not block.
    @FunctionalInterface
    interface ResponseSender {
        void send(CallbackResponse response, Runnable sent);
    }

    /// Returns the nanoseconds since the head of the request.
    long ageNanos() {
        return System.nanoTime() - startedNanos;
    }

    /// Sends the response. A failure affects no other callback, and the permit is released in any case.
    void respond(CallbackResponse response) {
        var held = new AtomicBoolean(true);
        Runnable release = () -> {
            if (held.getAndSet(false)) {
                permit.release();
            }
        };
        try {
            sender.send(response, release);
        } catch (RuntimeException e) {
            LOG.warn("Failed to send a response: {}", e.toString());
            LOG.debug("Stack trace of the failed response", e);
            release.run();
        }
    }
}
