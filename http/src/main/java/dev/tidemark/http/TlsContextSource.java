package dev.tidemark.http;

import javax.net.ssl.SSLContext;

/// Settings of TLS that can create a context. Clients call it once when they open. Implementations are immutable
/// and compare by their settings.
@FunctionalInterface
public interface TlsContextSource {
    /// Reads the stores and creates a context.
    SSLContext context();
}
