package dev.tidemark.listener;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A call-back that is owed exactly one answer, and takes up room until it has been sent.
record PendingResponse(ResponseSender reply, InFlightLimiter room, long loaded) {
    private static final Logger LOG = LoggerFactory.getLogger(PendingResponse.class);

    /// Sends an answer; `sent` runs once it is on its way or cannot be. Must not block.
    @FunctionalInterface
    interface ResponseSender {
        void send(CallbackResponse answer, Runnable sent);
    }

    /// A reply that fails takes no other with it, and its room is given back all the same.
    void respond(CallbackResponse answer) {
        var there = new AtomicBoolean(true);
        Runnable leave = () -> {
            if (there.getAndSet(false)) {
                room.release(loaded);
            }
        };
        try {
            reply.send(answer, leave);
        } catch (RuntimeException e) {
            LOG.warn("An answer could not be sent: {}", e.toString());
            LOG.debug("It failed here.", e);
            leave.run();
        }
    }
}
