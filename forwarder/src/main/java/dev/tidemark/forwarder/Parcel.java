package dev.tidemark.forwarder;

import java.util.List;

/// Messages that go to a target together.
///
/// @param messages at least one; those of one key in the order they must keep
/// @param attempt which try this is, from 1; the highest of the messages'
/// @param replay whether an operator asked for them once more
public record Parcel(List<Message> messages, int attempt, boolean replay) {
    public Parcel {
        messages = List.copyOf(messages);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("A parcel without a message cannot be sent.");
        }
    }
}
