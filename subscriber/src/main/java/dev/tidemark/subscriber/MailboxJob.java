package dev.tidemark.subscriber;

import dev.tidemark.values.MailboxAddress;
import dev.tidemark.watermark.Mailbox;
import dev.tidemark.watermark.MailboxId;
import dev.tidemark.watermark.SubscribeReason;

/// One mailbox being subscribed or resynchronised, and all that takes.
record MailboxJob(
        MailboxId id,
        MailboxAddress address,
        GroupSubscriptionConfig plan,
        ConnectionGate gate,
        SubscribeReason reason) {
    static MailboxJob of(Mailbox mailbox, GroupSubscriptionConfig plan, ConnectionGate gate, SubscribeReason reason) {
        return new MailboxJob(mailbox.id(), mailbox.address(), plan, gate, reason);
    }
}
