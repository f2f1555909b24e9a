package dev.tidemark.listener;

import dev.tidemark.store.model.AttemptId;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/// A call-back whose body is still coming in. Used by one thread at a time; it ends with exactly one of
/// [#complete], [#abandon] or an objection of [#append].
final class CallbackBodyReader {
    /// What all of them share.
    record Dependencies(int maxBody, InFlightLimiter room, ListenerStats tally, Clock clock, Consumer<RawCallback> next) {}

    /// A client may declare more than it will ever send.
    private static final int MAX_INITIAL_BYTES = 64 * 1024;

    private static final int DEFAULT_INITIAL_BYTES = 4 * 1024;

    private final Dependencies dependencies;
    private final AttemptId attempt;
    private final String clientAddress;
    private byte[] body;
    private int length;

    CallbackBodyReader(Dependencies frame, AttemptId attempt, String caller, long declared) {
        this.dependencies = frame;
        this.attempt = attempt;
        this.clientAddress = caller;
        body = new byte[declared < 0 ? DEFAULT_INITIAL_BYTES : (int) Math.min(declared, MAX_INITIAL_BYTES)];
    }

    /// Takes the next bytes, or says what to answer instead of reading on.
    Optional<CallbackResponse> append(ByteBuffer bytes) {
        var more = bytes.remaining();
        if (more > dependencies.maxBody() - length) {
            return Optional.of(reject(RejectionReason.LENGTH));
        }
        if (!dependencies.room().tryReserveBytes(more)) {
            return Optional.of(reject(RejectionReason.QUEUE));
        }
        if (length + more > body.length) {
            body = Arrays.copyOf(body, Math.min(dependencies.maxBody(), Math.max(2 * body.length, length + more)));
        }
        bytes.get(body, length, more);
        length += more;
        return Optional.empty();
    }

    /// The body is here; `reply` will be used once, by another thread.
    void complete(PendingResponse.ResponseSender reply) {
        dependencies.tally().received.increment();
        var whole = length == body.length ? body : Arrays.copyOf(body, length);
        dependencies.next()
                .accept(new RawCallback(
                        attempt,
                        whole,
                        dependencies.clock().instant(),
                        clientAddress,
                        new PendingResponse(reply, dependencies.room(), length)));
    }

    /// The body will never be here.
    void abandon() {
        reject(RejectionReason.TIMEOUT);
    }

    private CallbackResponse reject(RejectionReason why) {
        dependencies.tally().countRefused(why);
        dependencies.room().release(length);
        return why.response();
    }
}
