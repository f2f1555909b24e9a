package dev.tidemark.daemon;

import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.listener.HeartbeatReceiver;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.MailboxId;
import java.time.Instant;

/// Passes heartbeats from the listener to the sinks whose `events` name them. Thread-safe.
record HeartbeatRelay(MailboxRegistry mailboxes, EventForwarder forwarder) implements HeartbeatReceiver {
    @Override
    public void receive(MailboxId mailbox, Instant receivedAt) {
        if (forwarder.wantsHeartbeats()) {
            mailboxes
                    .find(mailbox)
                    .map(known -> new MailboxRef(
                            known.id(), known.address(), known.membership().group()))
                    .ifPresent(ref -> forwarder.sendHeartbeat(ref, receivedAt));
        }
    }
}
