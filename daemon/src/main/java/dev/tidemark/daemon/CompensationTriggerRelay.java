package dev.tidemark.daemon;

import dev.tidemark.store.CompensationTrigger;
import dev.tidemark.store.model.MailboxId;

/// Forwards triggers from the listener, which starts before the compensator. Drops triggers until the
/// compensator exists; it checks every mailbox when it starts. Thread-safe.
final class CompensationTriggerRelay implements CompensationTrigger {
    private volatile CompensationTrigger target = mailbox -> {};

    void relayTo(CompensationTrigger trigger) {
        target = trigger;
    }

    @Override
    public void raise(MailboxId mailbox) {
        target.raise(mailbox);
    }
}
