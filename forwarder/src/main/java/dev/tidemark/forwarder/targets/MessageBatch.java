package dev.tidemark.forwarder.targets;

import java.util.List;

/// Messages that a target sends together.
///
/// @param messages at least one message; those of one key in their order
/// @param attempt number of this attempt, from 1; the highest of the messages'
/// @param replay true if an operator requested a replay
/// @param onNewConnection true if a kept connection must not be used, because the last one was closed
public record MessageBatch(List<OutboundMessage> messages, int attempt, boolean replay, boolean onNewConnection) {
    public MessageBatch {
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("A batch needs at least one message.");
        }
    }

    public MessageBatch(List<OutboundMessage> messages, int attempt, boolean replay) {
        this(messages, attempt, replay, false);
    }

    /// Returns the next attempt with the same messages.
    public MessageBatch nextAttempt() {
        return new MessageBatch(messages, attempt + 1, replay, true);
    }
}
