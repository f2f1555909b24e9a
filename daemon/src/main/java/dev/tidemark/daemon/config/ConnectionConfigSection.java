package dev.tidemark.daemon.config;

import dev.tidemark.ews.login.ConnectionConfig;
import dev.tidemark.subscriber.connection.ConnectionLimits;
import java.net.URI;
import java.util.Optional;

/// A connection as configured, and how much of it to take. `publicUrl` is where this organisation calls back,
/// if not where all do. With `autodiscover`, `client` holds for every address that it leads to.
public record ConnectionConfigSection(
        ConnectionConfig client,
        ConnectionLimits limits,
        Optional<URI> publicUrl,
        Optional<AutodiscoverConfigSection> autodiscover) {}
