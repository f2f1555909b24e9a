package dev.tidemark.listener;

import dev.tidemark.store.model.MailboxId;
import java.time.Instant;

/// Receives the heartbeats of live subscriptions, after their response. Called by the acknowledging thread; must
/// return at once.
@FunctionalInterface
public interface HeartbeatReceiver {
    void receive(MailboxId mailbox, Instant receivedAt);
}
