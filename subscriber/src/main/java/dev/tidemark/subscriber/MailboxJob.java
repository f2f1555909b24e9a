package dev.tidemark.subscriber;

import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.connection.ConnectionGate;
import dev.tidemark.values.MailboxAddress;

/// Subscribe or resync job of one mailbox, with the settings and the connection for it.
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
