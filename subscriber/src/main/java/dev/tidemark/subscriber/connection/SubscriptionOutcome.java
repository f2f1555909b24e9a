package dev.tidemark.subscriber.connection;

import dev.tidemark.store.model.RecoveredPage;
import java.time.Instant;

/// What came of a wish to subscribe or resynchronise a mailbox.
public sealed interface SubscriptionOutcome {
    /// Subscribed, and nothing is owed.
    record Subscribed() implements SubscriptionOutcome {}

    /// Subscribed, and what was missed is in the journal.
    record Resynced(RecoveredPage.RecoveryCounts count) implements SubscriptionOutcome {}

    /// Not now: worth another call at `at`, not before. The store knows what is still owed.
    record RetryAt(Instant at, String code, String text) implements SubscriptionOutcome {}

    /// Failed until an operator changes something, and journaled as such.
    record Failed(String code, String text, FailureScope scope) implements SubscriptionOutcome {}

    /// Part of the configuration that an operator has to repair.
    enum FailureScope {
        /// the mailbox itself: its error is about nothing else
        MAILBOX,
        /// this mailbox's access to EWS: its error may be the connection's, but neighbors are served
        MAILBOX_ACCESS,
        /// the same or the connection: no other mailbox was asked since
        UNDECIDED,
        /// the connection: one repair serves all its mailboxes
        CONNECTION
    }

    /// There was nothing to do, or somebody else does it: the mailbox is gone or paused, the attempt was
    /// overtaken, or this thread was interrupted.
    record Skipped(String why) implements SubscriptionOutcome {}
}
