package dev.tidemark.authservers;

import dev.tidemark.testsupport.TestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;

/// Creates certificates in stores with one password.
public final class CertificateGenerator {
    public static final String PASSWORD = TestIdentity.PASSWORD;

    private final Path folder;

    public CertificateGenerator(Path folder) {
        this.folder = folder;
    }

    /// Creates a key with a self-signed certificate for 127.0.0.1 and localhost.
    public Path pair(String name, String type) throws IOException {
        return TestIdentity.create("EC", name).writeKeyStore(folder.resolve(name + "." + type), type);
    }

    /// Creates an RSA key with a self-signed certificate for no host, in PKCS12.
    public Path rsaPair(String name) throws IOException {
        return TestIdentity.createFor(List.of(), "RSA", name).writeKeyStore(folder.resolve(name + ".rsa"), "pkcs12");
    }

    /// Exports the certificate of that key as PEM.
    public Path pem(Path pair) throws IOException {
        try {
            var certificate =
                    KeyStore.getInstance(pair.toFile(), PASSWORD.toCharArray()).getCertificate(TestIdentity.ALIAS);
            return Files.writeString(folder.resolve(pair.getFileName() + ".pem"), TestIdentity.pem(certificate));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Creates a trust store of this type with that certificate.
    public Path trust(Path pem, String type) throws IOException {
        try (var in = Files.newInputStream(pem)) {
            var certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
            return TestIdentity.writeTrustStore(
                    certificate, folder.resolve(pem.getFileName() + "-trust." + type), type);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
