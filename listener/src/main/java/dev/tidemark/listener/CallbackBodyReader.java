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
    record Frame(int maxBody, InFlightLimiter room, ListenerStats tally, Clock clock, Consumer<RawCallback> next) {}

    /// A client may declare more than it will ever send.
    private static final int MOST_AT_ONCE = 64 * 1024;

    private static final int LEAST = 4 * 1024;

    private final Frame frame;
    private final AttemptId attempt;
    private final String caller;
    private byte[] body;
    private int count;

    CallbackBodyReader(Frame frame, AttemptId attempt, String caller, long declared) {
        this.frame = frame;
        this.attempt = attempt;
        this.caller = caller;
        body = new byte[declared < 0 ? LEAST : (int) Math.min(declared, MOST_AT_ONCE)];
    }

    /// Takes the next bytes, or says what to answer instead of reading on.
    Optional<CallbackResponse> append(ByteBuffer bytes) {
        var more = bytes.remaining();
        if (more > frame.maxBody() - count) {
            return Optional.of(refuse(RejectionReason.LENGTH));
        }
        if (!frame.room().load(more)) {
            return Optional.of(refuse(RejectionReason.QUEUE));
        }
        if (count + more > body.length) {
            body = Arrays.copyOf(body, Math.min(frame.maxBody(), Math.max(2 * body.length, count + more)));
        }
        bytes.get(body, count, more);
        count += more;
        return Optional.empty();
    }

    /// The body is here; `reply` will be used once, by another thread.
    void complete(PendingResponse.Reply reply) {
        frame.tally().received.increment();
        var whole = count == body.length ? body : Arrays.copyOf(body, count);
        frame.next()
                .accept(new RawCallback(
                        attempt,
                        whole,
                        frame.clock().instant(),
                        caller,
                        new PendingResponse(reply, frame.room(), count)));
    }

    /// The body will never be here.
    void abandon() {
        refuse(RejectionReason.TIMEOUT);
    }

    private CallbackResponse refuse(RejectionReason why) {
        frame.tally().refused(why);
        frame.room().leave(count);
        return why.answer();
    }
}
