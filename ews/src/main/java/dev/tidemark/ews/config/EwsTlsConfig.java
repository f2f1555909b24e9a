package dev.tidemark.ews.config;

import dev.tidemark.http.TlsContextSource;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Settings of TLS. A `trustStore` replaces the JVM's list of authorities. The name in the server's certificate
/// is always compared with the address. Immutable.
public record EwsTlsConfig(Optional<StoreFile> trustStore, Optional<StoreFile> clientCertificate)
        implements TlsContextSource {
    /// Uses the JVM's authorities and no client certificate.
    public static final EwsTlsConfig DEFAULT = new EwsTlsConfig(Optional.empty(), Optional.empty());

    /// PKCS12 or JKS file; for a trust store also certificates in PEM, which have no password.
    public record StoreFile(Path path, Optional<String> password) {
        @Override
        public String toString() {
            return "StoreFile[path=" + path + ", password=redacted]";
        }
    }

    /// Reads the stores; throws [UnreadableStoreException] if one of them is unusable.
    @Override
    public SSLContext context() {
        return TlsStoreReader.context(this);
    }
}
