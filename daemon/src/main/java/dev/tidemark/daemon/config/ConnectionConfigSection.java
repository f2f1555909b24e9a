package dev.tidemark.daemon.config;

import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.message.ConnectingName;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// Settings of a connection. `publicUrl` is the callback address for this organization, if it differs from the
/// listener's. With `autodiscover`, `client` applies to every located address.
public record ConnectionConfigSection(
        ConnectionConfig client,
        ConnectionLimits limits,
        Optional<URI> publicUrl,
        Optional<AutodiscoverConfigSection> autodiscover) {
    /// Returns true if each mailbox needs its SID.
    public boolean impersonatesBySid() {
        return client.impersonation() && client.connectingName() == ConnectingName.SID;
    }

    ConnectionConfigSection withSids(Map<MailboxAddress, String> sids) {
        return new ConnectionConfigSection(client.withSids(sids), limits, publicUrl, autodiscover);
    }
}
