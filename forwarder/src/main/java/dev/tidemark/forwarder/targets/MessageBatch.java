package dev.tidemark.forwarder.targets;

import java.util.List;
import java.util.Optional;

/// Messages that a target sends together.
///
/// @param messages at least one message; those of one key in their order
/// @param attempt number of this attempt, from 1; the highest of the messages'
/// @param replay true if an operator requested a replay
/// @param onNewConnection true if a kept connection must not be used, because the last one was closed
/// @param traceParent value of the header `traceparent`, if this attempt is traced
public record MessageBatch(
        List<OutboundMessage> messages,
        int attempt,
        boolean replay,
        boolean onNewConnection,
        Optional<String> traceParent) {
    public MessageBatch {
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("A batch needs at least one message.");
        }
    }

    public MessageBatch(List<OutboundMessage> messages, int attempt, boolean replay) {
        this(messages, attempt, replay, false, Optional.empty());
    }

    /// Returns the next attempt with the same messages.
    public MessageBatch nextAttempt() {
        return new MessageBatch(messages, attempt + 1, replay, true, Optional.empty());
    }

    /// Rendered event with the attributes that a target needs. Thread-safe.
    public static final class OutboundMessage {
        private final String id;
        private final String key;
        private final byte[] body;
        private final boolean late;

        /// @param id id of the event
        /// @param key CloudEvents `partitionkey`; messages of one key stay in order
        /// @param body CloudEvents in structured JSON; must not be modified
        /// @param late true if later events of the same key were sent first
        public OutboundMessage(String id, String key, byte[] body, boolean late) {
            this.id = id;
            this.key = key;
            this.body = body;
            this.late = late;
        }

        public String id() {
            return id;
        }

        public String key() {
            return key;
        }

        /// Returns CloudEvents in structured JSON; must not be modified.
        public byte[] body() {
            return body;
        }

        public boolean late() {
            return late;
        }
    }
}
