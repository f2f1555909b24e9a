package dev.tidemark.store.model;

import java.time.Instant;

/// Event that a sink did not accept within its schedule, kept whole so that it can be sent again.
public record DeadLetter(String id, SinkName sink, JournalEvent event, String reason, int attempts, Instant diedAt) {
    /// Place of a letter in the list: newest first, then by id.
    public record PageKey(Instant diedAt, String id) {}

    /// Returns the letter with another reason.
    public DeadLetter withReason(String other) {
        return new DeadLetter(id, sink, event, other, attempts, diedAt);
    }

    /// Returns the letter as if it had died at another time.
    public DeadLetter withDiedAt(Instant other) {
        return new DeadLetter(id, sink, event, reason, attempts, other);
    }

    public PageKey pageKey() {
        return new PageKey(diedAt, id);
    }
}
