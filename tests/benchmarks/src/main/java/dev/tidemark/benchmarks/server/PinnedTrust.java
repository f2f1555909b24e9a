package dev.tidemark.benchmarks.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Trusts only the certificate of one compared server.
final class PinnedTrust {
    private PinnedTrust() {}

    static SSLContext in(Path folder) {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            var file = folder.resolve(SelfSignedIdentity.CERTIFICATE);
            if (Files.exists(file)) {
                try (var pem = Files.newInputStream(file)) {
                    store.setCertificateEntry(
                            "bench", CertificateFactory.getInstance("X.509").generateCertificate(pem));
                }
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new BenchmarkException("Failed to trust the benchmark's certificate: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
