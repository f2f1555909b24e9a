package dev.tidemark.store.model;

/// What an event speaks of; each source numbers its events in a sequence of its own.
public sealed interface EventSource {
    record OfMailbox(MailboxId id) implements EventSource {}

    record OfInstance() implements EventSource {}
}
