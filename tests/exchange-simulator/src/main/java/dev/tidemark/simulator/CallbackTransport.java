package dev.tidemark.simulator;

import dev.tidemark.ews.message.SubscriptionStatus;
import dev.tidemark.simulator.mailbox.MailboxServer;
import java.net.URI;
import java.util.Optional;

/// Sends one callback and waits for its response.
interface CallbackTransport extends AutoCloseable {
    /// Posts a callback; blocks. Returns empty if there was no response or Exchange would not understand it.
    /// Never throws because of the receiver.
    Optional<SubscriptionStatus> post(URI url, String body);

    /// Posts a callback from the address of one server.
    default Optional<SubscriptionStatus> post(MailboxServer from, URI url, String body) {
        return post(url, body);
    }

    @Override
    default void close() {}
}
