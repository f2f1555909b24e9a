package dev.tidemark.store;

import dev.tidemark.store.model.MailboxId;

/// Wakes the compensator for a mailbox with a pending compensation. The store holds the truth: a lost signal only
/// delays the compensation. Called by many threads; must return at once.
@FunctionalInterface
public interface CompensationTrigger {
    void raise(MailboxId mailbox);
}
