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
/// listener's. With `autodiscover`, `client` applies to every located address. `canary` is the mailbox whose
/// path is measured. `sids` maps the mailboxes of the connection to their SIDs, if it impersonates by them;
/// [#client] does not know them, because it outlives changes of the list.
public record ConnectionConfigSection(
        ConnectionConfig client,
        ConnectionLimits limits,
        Optional<URI> publicUrl,
        Optional<AutodiscoverConfigSection> autodiscover,
        Optional<CanarySection> canary,
        Map<MailboxAddress, String> sids) {
    public ConnectionConfigSection {
        sids = Map.copyOf(sids);
    }

    /// Settings of `canary`.
    ///
    /// @param interval time between two messages
    /// @param overdueAfter time after which the event of a message counts as missing
    public record CanarySection(MailboxAddress mailbox, Duration interval, Duration overdueAfter) {}

    /// Returns true if each mailbox needs its SID.
    public boolean impersonatesBySid() {
        return client.impersonation() && client.connectingName() == ConnectingName.SID;
    }

    /// Returns the settings of a client for this list of mailboxes only.
    public ConnectionConfig clientOfList() {
        return client.withSids(mailbox -> Optional.ofNullable(sids.get(mailbox)));
    }

    /// Returns true if a mailbox of both lists has another SID here.
    public boolean hasCorrectedSids(ConnectionConfigSection before) {
        return before.sids.entrySet().stream()
                .anyMatch(each ->
                        !sids.getOrDefault(each.getKey(), each.getValue()).equals(each.getValue()));
    }

    ConnectionConfigSection withSids(Map<MailboxAddress, String> others) {
        return new ConnectionConfigSection(client, limits, publicUrl, autodiscover, canary, others);
    }

    ConnectionConfigSection withPublicUrl(Optional<URI> other) {
        return new ConnectionConfigSection(client, limits, other, autodiscover, canary, sids);
    }
}
