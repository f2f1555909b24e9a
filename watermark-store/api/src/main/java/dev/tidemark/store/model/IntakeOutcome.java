package dev.tidemark.store.model;

/// Outcome of a callback.
public sealed interface IntakeOutcome {
    /// New events are stored; `duplicates` were known by id.
    record Stored(int events, int duplicates) implements IntakeOutcome {}

    /// All events were known.
    record Repeated(int duplicates) implements IntakeOutcome {}

    /// Heartbeat without events.
    record HeartbeatOnly() implements IntakeOutcome {}

    /// Stored, but an earlier notification is missing. A compensation is pending; during a gap storm it is
    /// scheduled later. `counts` is false after an unclean stop and if the chain was already broken.
    record Gap(int events, int duplicates, boolean counts) implements IntakeOutcome {}

    /// Exchange reports that the subscription ended with `code`; a compensation is pending.
    record Ended(String code) implements IntakeOutcome {}

    /// The subscription does not count. The response must be Unsubscribe, and nothing is stored.
    record Superseded() implements IntakeOutcome {}
}
