package dev.tidemark.store.model;

/// Source of an event; each source numbers its events in a separate sequence.
public sealed interface EventSource {
    record OfMailbox(MailboxId id) implements EventSource {}

    record OfInstance() implements EventSource {}
}
