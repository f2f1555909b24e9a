package dev.tidemark.daemon.config;

import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.message.ConnectingName;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Settings of a connection. `publicUrl` is the callback address for this organization, if it differs from the
/// listener's. With `autodiscover`, `client` applies to every located address. `canary` is the mailbox whose path is
/// measured.
public record ConnectionConfigSection(
        ConnectionConfig client,
        ConnectionLimits limits,
        Optional<URI> publicUrl,
        Optional<AutodiscoverConfigSection> autodiscover,
        Optional<CanarySection> canary) {
    /// Settings of `canary`.
    ///
    /// @param interval time between two messages
    /// @param overdueAfter time after which the event of a message counts as missing
    public record CanarySection(MailboxAddress mailbox, Duration interval, Duration overdueAfter) {}

    /// Returns true if each mailbox needs its SID.
    public boolean impersonatesBySid() {
        return client.impersonation() && client.connectingName() == ConnectingName.SID;
    }

    ConnectionConfigSection withSids(Map<MailboxAddress, String> sids) {
        return new ConnectionConfigSection(client.withSids(sids), limits, publicUrl, autodiscover, canary);
    }
}
