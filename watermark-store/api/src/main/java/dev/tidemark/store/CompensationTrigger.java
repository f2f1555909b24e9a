package dev.tidemark.store;

import dev.tidemark.store.model.MailboxId;

/// Told that a mailbox owes a compensation, so that nobody has to look for it. The store holds the truth: a
/// lost alarm delays, it loses nothing. Must return at once; called by many threads.
@FunctionalInterface
public interface CompensationTrigger {
    void raise(MailboxId mailbox);
}
