package dev.tidemark.daemon.check;

import dev.tidemark.listener.CallbackProbe;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.util.Optional;

/// Subscription whose first callback is awaited.
///
/// @param server host name in the subscription id
record PendingCallback(
        String connection, MailboxAddress mailbox, URI url, CallbackProbe probe, Optional<String> server) {}
