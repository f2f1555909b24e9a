package dev.tidemark.listener;

import dev.tidemark.store.model.AttemptId;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Reads the body of one callback within the limits. [CallbackTransaction] calls it for each chunk. Ends with
/// exactly one of [#complete], [#abandon] or a rejection by [#append]. Not thread-safe; used by one thread at a
/// time.
final class CallbackBodyReader {
    /// Collaborators and limits that all readers share.
    record Dependencies(
            int maxBody, InFlightLimiter limiter, ListenerStats stats, Clock clock, CallbackReceiver receiver) {}

    /// Receives callbacks with a complete body, on the thread that read the body. Must not block.
    @FunctionalInterface
    interface CallbackReceiver {
        void receive(RawCallback callback);
    }

    /// Limits the first buffer, because a client may declare more bytes than it sends.
    private static final int MAX_INITIAL_BYTES = 64 * 1024;

    private static final int DEFAULT_INITIAL_BYTES = 4 * 1024;

    /// Bytes of each further buffer. A body that grew in one buffer would be copied again and again, and G1 puts an
    /// array of half a region (512 KiB in a small heap) directly into the old generation, complete or not.
    private static final int FURTHER_BYTES = 64 * 1024;

    private final Dependencies dependencies;
    private final InFlightLimiter.Permit permit;
    private final AttemptId attempt;
    private final String clientAddress;
    private final long startedNanos = System.nanoTime();
    private final List<byte[]> filled = new ArrayList<>(0);
    private byte[] buffer;
    private int used;
    private int length;

    CallbackBodyReader(
            Dependencies dependencies,
            InFlightLimiter.Permit permit,
            AttemptId attempt,
            String clientAddress,
            long declared) {
        this.dependencies = dependencies;
        this.permit = permit;
        this.attempt = attempt;
        this.clientAddress = clientAddress;
        buffer = new byte[declared < 0 ? DEFAULT_INITIAL_BYTES : (int) Math.min(declared, MAX_INITIAL_BYTES)];
    }

    /// Appends the next bytes. Returns a response if the body is refused and must not be read further.
    Optional<CallbackResponse> append(ByteBuffer bytes) {
        var added = bytes.remaining();
        if (added > dependencies.maxBody() - length) {
            return Optional.of(reject(RejectionReason.LENGTH));
        }
        if (!permit.tryReserveBytes(added)) {
            return Optional.of(reject(RejectionReason.QUEUE));
        }
        while (bytes.hasRemaining()) {
            fillFrom(bytes);
        }
        length += added;
        return Optional.empty();
    }

    private void fillFrom(ByteBuffer bytes) {
        if (used == buffer.length) {
            filled.add(buffer);
            buffer = new byte[FURTHER_BYTES];
            used = 0;
        }
        var count = Math.min(bytes.remaining(), buffer.length - used);
        bytes.get(buffer, used, count);
        used += count;
    }

    private byte[] body() {
        if (filled.isEmpty()) {
            return used == buffer.length ? buffer : Arrays.copyOf(buffer, used);
        }
        var body = ByteBuffer.allocate(length);
        filled.forEach(body::put);
        return body.put(buffer, 0, used).array();
    }

    /// Passes the complete body on for decoding. Another thread uses `responseSender` once.
    void complete(PendingResponse.ResponseSender responseSender) {
        dependencies.stats().received.increment();
        dependencies
                .receiver()
                .receive(new RawCallback(
                        attempt,
                        body(),
                        dependencies.clock().instant(),
                        clientAddress,
                        new PendingResponse(responseSender, permit, startedNanos)));
    }

    /// Ends a body that will never be complete.
    void abandon() {
        reject(RejectionReason.TIMEOUT);
    }

    private CallbackResponse reject(RejectionReason reason) {
        dependencies.stats().countRefused(reason);
        permit.release();
        return reason.response();
    }
}
