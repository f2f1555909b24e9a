package dev.tidemark.compensator;

import dev.tidemark.store.model.SubscribeReason;
import java.time.Instant;

/// Action that meets the need of a mailbox. [CompensationDecisionTable] decides it; [CompensationExecutor]
/// carries it out.
sealed interface CompensationAction {
    /// Nothing is needed before `until`, unless the mailbox calls back.
    record WaitUntil(Instant until) implements CompensationAction {}

    /// No action is possible until the reason ends by other means.
    record Blocked(String reason) implements CompensationAction {}

    /// A new subscription, from the watermark if there is one.
    record Resubscribe(SubscribeReason reason) implements CompensationAction {}

    /// A new subscription without the watermark, and a resync of the missed changes.
    record ResubscribeAndResync(SubscribeReason reason) implements CompensationAction {}

    /// The subscription is intact, but a resync was interrupted.
    record ResumeResync(SubscribeReason reason) implements CompensationAction {}
}
