package dev.tidemark.store.model;

import java.util.List;

/// State of a mailbox.
public sealed interface MailboxState {
    /// Never subscribed.
    record New() implements MailboxState {}

    /// A Subscribe request is in flight, and no older subscription is live.
    record Subscribing() implements MailboxState {}

    /// Subscribed, with a callback within the limit.
    record Active() implements MailboxState {}

    /// No callback within the limit; compensation is in progress.
    record Silent() implements MailboxState {}

    /// Subscribed again; a resync collects the missed events.
    record Resyncing() implements MailboxState {}

    /// Push does not work; a fallback transport is in use.
    record Degraded() implements MailboxState {}

    /// Stopped by an operator.
    record Paused() implements MailboxState {}

    /// Failed until an operator changes the configuration.
    record Failed(String code, String text) implements MailboxState {}

    /// Labels of all states.
    List<String> LABELS =
            List.of("new", "subscribing", "active", "silent", "resyncing", "degraded", "paused", "failed");

    /// Returns the label of this state in the admin API.
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
