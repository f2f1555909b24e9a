package dev.tidemark.compensator;

import dev.tidemark.store.model.SubscribeReason;
import java.time.Instant;

/// What a mailbox needs.
sealed interface CompensationAction {
    /// Nothing before `until`, unless something is heard of it.
    record WaitUntil(Instant until) implements CompensationAction {}

    /// Nothing at all, for a reason that somebody else has to end.
    record Blocked(String reason) implements CompensationAction {}

    /// A new subscription, from the watermark if there is one.
    record Resubscribe(SubscribeReason reason) implements CompensationAction {}

    /// A new subscription without the watermark, and a look for what was missed.
    record ResubscribeAndResync(SubscribeReason reason) implements CompensationAction {}

    /// The subscription is sound, but a look for what was missed was cut short.
    record ResumeResync(SubscribeReason reason) implements CompensationAction {}
}
