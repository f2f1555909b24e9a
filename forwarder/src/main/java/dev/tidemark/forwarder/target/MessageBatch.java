package dev.tidemark.forwarder.target;

import java.util.List;

/// Messages that go to a target together.
///
/// @param messages at least one; those of one key in the order they must keep
/// @param attempt number of this try, from 1; the highest of the messages'
/// @param replay true if an operator asked for them again
/// @param onNewConnection true if a kept connection must not be used, because one just turned out closed
public record MessageBatch(List<OutboundMessage> messages, int attempt, boolean replay, boolean onNewConnection) {
    public MessageBatch {
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("A parcel without a message cannot be sent.");
        }
    }

    public MessageBatch(List<OutboundMessage> messages, int attempt, boolean replay) {
        this(messages, attempt, replay, false);
    }

    /// Returns the next attempt at the same messages.
    public MessageBatch nextAttempt() {
        return new MessageBatch(messages, attempt + 1, replay, true);
    }
}
