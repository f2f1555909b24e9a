package dev.tidemark.ews.login;

import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Whom a connection trusts, and who it says it is. A `trustStore` takes the place of the JVM's own list of
/// authorities; the name in the server's certificate is compared with the address in any case.
public record EwsTlsConfig(Optional<StoreFile> trustStore, Optional<StoreFile> clientCertificate) {
    /// The JVM's authorities and no client certificate.
    public static final EwsTlsConfig USUAL = new EwsTlsConfig(Optional.empty(), Optional.empty());

    /// A PKCS12 or JKS file, or for a trust store also certificates in PEM, which have no password.
    public record StoreFile(Path path, Optional<String> password) {
        @Override
        public String toString() {
            return "StoreFile[path=" + path + ", password=redacted]";
        }
    }

    /// Reads the stores; throws [UnreadableStoreException] where one of them cannot be used.
    public SSLContext context() {
        return TlsStoreReader.context(this);
    }
}
