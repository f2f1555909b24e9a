package dev.tidemark.store.model;

/// What became of a call-back.
public sealed interface IntakeOutcome {
    /// New events are stored; `duplicates` were known by id.
    record Stored(int events, int duplicates) implements IntakeOutcome {}

    /// All of it was known.
    record Repeated(int duplicates) implements IntakeOutcome {}

    /// Only a heartbeat.
    record Heard() implements IntakeOutcome {}

    /// Stored, but something before it is missing: a compensation is owed, while there is a storm of gaps later.
    /// `counts` is false after an unclean stop and where the chain was broken already.
    record Gap(int events, int duplicates, boolean counts) implements IntakeOutcome {}

    /// Exchange says that the subscription ended with `code`: a compensation is owed.
    record Ended(String code) implements IntakeOutcome {}

    /// Not a subscription that counts: to be answered Unsubscribe. Nothing is stored.
    record Superseded() implements IntakeOutcome {}
}
