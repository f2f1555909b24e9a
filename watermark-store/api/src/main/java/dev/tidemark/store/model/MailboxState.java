package dev.tidemark.store.model;

import java.util.List;

/// How a mailbox is doing.
public sealed interface MailboxState {
    /// Never subscribed.
    record New() implements MailboxState {}

    /// A Subscribe request is under way and no older subscription lives.
    record Subscribing() implements MailboxState {}

    /// Subscribed, and heard of within its limit.
    record Active() implements MailboxState {}

    /// Not heard of for too long; compensation is under way.
    record Silent() implements MailboxState {}

    /// Subscribed afresh, and what was missed is being collected.
    record Resyncing() implements MailboxState {}

    /// Push does not work; a fallback transport does.
    record Degraded() implements MailboxState {}

    /// Stopped by an operator.
    record Paused() implements MailboxState {}

    /// Given up until a person changes something.
    record Failed(String code, String text) implements MailboxState {}

    /// All words for states.
    List<String> LABELS =
            List.of("new", "subscribing", "active", "silent", "resyncing", "degraded", "paused", "failed");

    /// The word for this state in the admin API.
    default String label() {
        return switch (this) {
            case New ignored -> "new";
            case Subscribing ignored -> "subscribing";
            case Active ignored -> "active";
            case Silent ignored -> "silent";
            case Resyncing ignored -> "resyncing";
            case Degraded ignored -> "degraded";
            case Paused ignored -> "paused";
            case Failed ignored -> "failed";
        };
    }
}
