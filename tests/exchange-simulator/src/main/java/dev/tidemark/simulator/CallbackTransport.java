package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.MailboxServer;
import dev.tidemark.ews.message.SubscriptionStatus;
import java.net.URI;
import java.util.Optional;

/// Sends one call-back and waits for its answer.
interface CallbackTransport extends AutoCloseable {
    /// Empty when there was no answer, or none that Exchange would understand. Blocks; never throws for what
    /// the receiver does.
    Optional<SubscriptionStatus> post(URI url, String body);

    /// The same from the address of one server.
    default Optional<SubscriptionStatus> post(MailboxServer from, URI url, String body) {
        return post(url, body);
    }

    @Override
    default void close() {}
}
