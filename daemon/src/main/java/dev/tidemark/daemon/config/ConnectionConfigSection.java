package dev.tidemark.daemon.config;

import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.subscriber.config.ConnectionLimits;
import java.net.URI;
import java.util.Optional;

/// Settings of a connection. `publicUrl` is the callback address for this organization, if it differs from the
/// listener's. With `autodiscover`, `client` applies to every located address.
public record ConnectionConfigSection(
        ConnectionConfig client,
        ConnectionLimits limits,
        Optional<URI> publicUrl,
        Optional<AutodiscoverConfigSection> autodiscover) {}
