package dev.tidemark.subscriber;

import dev.tidemark.values.MailboxAddress;
import dev.tidemark.watermark.Mailbox;
import dev.tidemark.watermark.MailboxId;
import dev.tidemark.watermark.SubscribeReason;

/// One mailbox being subscribed or resynchronised, and all that takes.
record Job(MailboxId id, MailboxAddress address, GroupPlan plan, ConnectionGate gate, SubscribeReason reason) {
    static Job of(Mailbox mailbox, GroupPlan plan, ConnectionGate gate, SubscribeReason reason) {
        return new Job(mailbox.id(), mailbox.address(), plan, gate, reason);
    }
}
