package dev.tidemark.store.model;

import java.time.Instant;

/// An event that a sink would not take within its schedule, kept whole so that it can be sent again.
public record DeadLetter(String id, SinkName sink, JournalEvent event, String reason, int attempts, Instant diedAt) {
    /// Where a letter stands among all: the newest come first, those of one moment by their ids.
    public record PageKey(Instant diedAt, String id) {}

    /// Returns the letter with another reason.
    public DeadLetter withReason(String other) {
        return new DeadLetter(id, sink, event, other, attempts, diedAt);
    }

    /// Returns the letter as if it had died at another time.
    public DeadLetter withDiedAt(Instant other) {
        return new DeadLetter(id, sink, event, reason, attempts, other);
    }

    public PageKey place() {
        return new PageKey(diedAt, id);
    }
}
