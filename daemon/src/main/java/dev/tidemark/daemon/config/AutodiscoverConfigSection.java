package dev.tidemark.daemon.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Settings of autodiscover for a connection without a fixed address. Without `refresh`, locations never expire.
public record AutodiscoverConfigSection(
        URI url, List<String> allowedHosts, Optional<Duration> refresh, int batch, boolean allowHttp) {
    public AutodiscoverConfigSection {
        allowedHosts = List.copyOf(allowedHosts);
    }
}
