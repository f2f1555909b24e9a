package dev.tidemark.subscriber.connection;

import dev.tidemark.store.model.RecoveredPage;
import java.time.Instant;

/// Result of a subscribe or resync request.
public sealed interface SubscriptionOutcome {
    /// Subscribed; no resync is pending.
    record Subscribed() implements SubscriptionOutcome {}

    /// Subscribed; the journal contains the missed events.
    record Resynced(RecoveredPage.RecoveryCounts count) implements SubscriptionOutcome {}

    /// Not done; the caller may retry at `at`, not before. The store keeps the pending work.
    record RetryAt(Instant at, String code, String text) implements SubscriptionOutcome {}

    /// Failed until an operator changes something; the journal has the failure.
    record Failed(String code, String text, FailureScope scope) implements SubscriptionOutcome {}

    /// Part of the configuration that an operator has to repair.
    enum FailureScope {
        /// the mailbox itself: its error is about nothing else
        MAILBOX,
        /// this mailbox's access to EWS: its error may be the connection's, but neighbors are served
        MAILBOX_ACCESS,
        /// undecided between mailbox and connection: no request for another mailbox was sent since
        UNDECIDED,
        /// the connection: one repair serves all its mailboxes
        CONNECTION
    }

    /// Skipped: the mailbox is removed or paused, another job or attempt does the work, or the thread was
    /// interrupted.
    record Skipped(String why) implements SubscriptionOutcome {}
}
