package dev.tidemark.store.model;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/// Event that a sink did not accept within its schedule, kept whole so that it can be sent again.
///
/// @param response response to the last attempt; empty without one, in protocols without responses, and in letters of
///     versions that did not keep it
public record DeadLetter(
        String id,
        SinkName sink,
        JournalEvent event,
        String reason,
        int attempts,
        Instant diedAt,
        Optional<RefusedResponse> response) {
    /// Creates a letter without a response.
    public DeadLetter(String id, SinkName sink, JournalEvent event, String reason, int attempts, Instant diedAt) {
        this(id, sink, event, reason, attempts, diedAt, Optional.empty());
    }

    /// Place of a letter in the list: newest first, then by id.
    public record PageKey(Instant diedAt, String id) {}

    /// Response of a receiver that did not accept a request.
    ///
    /// @param body beginning of its body, at most 4 KiB in UTF-8
    public record RefusedResponse(int status, String body) {
        public static final int MAX_BODY_BYTES = 4 * 1024;

        public RefusedResponse {
            body = storable(body);
        }

        /// Cuts between two characters. Replaces U+0000, which PostgreSQL cannot store, and halves of surrogate pairs.
        private static String storable(String whole) {
            var start = ByteBuffer.allocate(MAX_BODY_BYTES);
            StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .encode(CharBuffer.wrap(whole.replace('\0', '\uFFFD')), start, true);
            return new String(start.array(), 0, start.position(), StandardCharsets.UTF_8);
        }
    }

    /// Returns the letter with another reason.
    public DeadLetter withReason(String other) {
        return new DeadLetter(id, sink, event, other, attempts, diedAt, response);
    }

    /// Returns the letter as if it had died at another time.
    public DeadLetter withDiedAt(Instant other) {
        return new DeadLetter(id, sink, event, reason, attempts, other, response);
    }

    /// Returns the letter with a response.
    public DeadLetter withResponse(RefusedResponse refused) {
        return new DeadLetter(id, sink, event, reason, attempts, diedAt, Optional.of(refused));
    }

    /// Returns the letter after another refused attempt.
    public DeadLetter refusedAgain(String other, Optional<RefusedResponse> latest, Instant now) {
        return new DeadLetter(id, sink, event, other, attempts + 1, now, latest);
    }

    public PageKey pageKey() {
        return new PageKey(diedAt, id);
    }
}
