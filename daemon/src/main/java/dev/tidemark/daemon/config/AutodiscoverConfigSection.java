package dev.tidemark.daemon.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How the mailboxes of a connection without a fixed address are found. Answers are kept for ever without
/// `refresh`.
public record AutodiscoverConfigSection(
        URI url, List<String> allowedHosts, Optional<Duration> refresh, int batch, boolean allowHttp) {
    public AutodiscoverConfigSection {
        allowedHosts = List.copyOf(allowedHosts);
    }
}
