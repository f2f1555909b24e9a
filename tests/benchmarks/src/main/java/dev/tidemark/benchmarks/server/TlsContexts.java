package dev.tidemark.benchmarks.server;

import dev.tidemark.listener.ListenerConfig;
import dev.tidemark.listener.PemIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// Contexts of a server with the benchmark's certificate, and of a client of the JDK that trusts it.
public record TlsContexts(SSLContext server, SSLContext client) {
    /// Sessions that the client keeps. A connection that must not resume one uses another port.
    private static final int CLIENT_SESSIONS = 10;

    /// Creates the certificate in `folder`.
    ///
    /// @param provider implementation of the server's half; empty for that of the JDK
    public static TlsContexts create(Path folder, Optional<Provider> provider) throws IOException {
        SelfSignedIdentity.into(folder);
        var files = new ListenerConfig.Tls(
                folder.resolve(SelfSignedIdentity.CERTIFICATE), folder.resolve(SelfSignedIdentity.KEY));
        var client = PinnedTrust.in(folder);
        client.getClientSessionContext().setSessionCacheSize(CLIENT_SESSIONS);
        return new TlsContexts(server(PemIdentity.load(files), provider), client);
    }

    private static SSLContext server(PemIdentity identity, Optional<Provider> provider) {
        try {
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(identity.keyStore(), identity.password().toCharArray());
            var context =
                    provider.isEmpty() ? SSLContext.getInstance("TLS") : SSLContext.getInstance("TLS", provider.get());
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new BenchmarkException("Failed to use the benchmark's certificate: " + e.getMessage(), e);
        }
    }
}
