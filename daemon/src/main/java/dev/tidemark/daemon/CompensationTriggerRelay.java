package dev.tidemark.daemon;

import dev.tidemark.store.CompensationTrigger;
import dev.tidemark.store.model.MailboxId;

/// Lets the listener open before the compensator: an alarm that comes too early is lost, and need not be
/// kept, because the compensator looks at every mailbox when it starts.
final class CompensationTriggerRelay implements CompensationTrigger {
    private volatile CompensationTrigger target = mailbox -> {};

    void to(CompensationTrigger alarm) {
        target = alarm;
    }

    @Override
    public void raise(MailboxId mailbox) {
        target.raise(mailbox);
    }
}
