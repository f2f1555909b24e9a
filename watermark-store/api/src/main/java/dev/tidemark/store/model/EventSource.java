package dev.tidemark.store.model;

/// Source of an event; each source numbers its events in a separate sequence.
public sealed interface EventSource {
    /// Returns the lane of its events, within which sinks keep the order.
    default String lane() {
        return switch (this) {
            case OfMailbox(var id) -> id.value();
            case OfInstance ignored -> "instance";
        };
    }

    record OfMailbox(MailboxId id) implements EventSource {}

    record OfInstance() implements EventSource {}
}
