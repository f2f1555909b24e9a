package dev.tidemark.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Private key and self-signed certificate of a server or client under test. Immutable.
public record TestIdentity(X509Certificate certificate, PrivateKey key) {
    /// Name of the entry in key stores and trust stores.
    public static final String ALIAS = "it";

    /// Password of key stores and trust stores.
    public static final String PASSWORD = "changeit";

    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1");
    private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant UNTIL = Instant.parse("2100-01-01T00:00:00Z");

    /// Creates an identity of `localhost` and 127.0.0.1.
    public static TestIdentity create() {
        return create("EC", "localhost");
    }

    /// Creates an identity of `localhost` and 127.0.0.1.
    ///
    /// @param algorithm EC, RSA or Ed25519
    /// @param name common name
    public static TestIdentity create(String algorithm, String name) {
        return createFor(LOOPBACK, algorithm, name);
    }

    /// Creates an identity of some hosts, or of none.
    public static TestIdentity createFor(List<String> hosts, String algorithm, String name) {
        return sign(algorithm, new SelfSignedCertificate(name, hosts, FROM, UNTIL));
    }

    /// Creates an identity of `localhost` and 127.0.0.1 for a limited time.
    public static TestIdentity createValid(Instant from, Instant until) {
        return sign("EC", new SelfSignedCertificate("localhost", LOOPBACK, from, until));
    }

    private static TestIdentity sign(String algorithm, SelfSignedCertificate certificate) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            switch (algorithm) {
                case "EC" -> generator.initialize(256);
                case "RSA" -> generator.initialize(2048);
                default -> {}
            }
            var pair = generator.generateKeyPair();
            return new TestIdentity(certificate.sign(pair), pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Replaces `cert.pem` and `key.pem` in a folder as certbot does: first one, then the other.
    public void write(Path folder) throws IOException {
        replace(folder.resolve("cert.pem"), certificatePem());
        replace(folder.resolve("key.pem"), keyPem());
    }

    private static void replace(Path file, String content) throws IOException {
        var next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    public String certificatePem() {
        return pem(certificate);
    }

    /// Returns a certificate as PEM.
    public static String pem(Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    private static String pem(String label, byte[] content) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }

    /// Writes a key store of this type.
    public Path writeKeyStore(Path file, String type) throws IOException {
        try {
            var store = emptyStore(type);
            store.setKeyEntry(ALIAS, key, PASSWORD.toCharArray(), new Certificate[] {certificate});
            return write(store, file);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Writes a trust store of this type with one certificate.
    public static Path writeTrustStore(Certificate trusted, Path file, String type) throws IOException {
        try {
            var store = emptyStore(type);
            store.setCertificateEntry(ALIAS, trusted);
            return write(store, file);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path write(KeyStore store, Path file) throws IOException, GeneralSecurityException {
        try (var out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    private static KeyStore emptyStore(String type) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(type.toUpperCase(Locale.ROOT));
        store.load(null, null);
        return store;
    }

    /// Returns a context for clients that trust only this certificate.
    public SSLContext trust() {
        return trusting(List.of(this));
    }

    /// Returns a context for clients that trust only these certificates.
    public static SSLContext trusting(List<TestIdentity> all) {
        return trusting(trustManager(all));
    }

    /// Returns a context for clients with this trust manager.
    public static SSLContext trusting(X509ExtendedTrustManager trust) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Returns a trust manager for only these certificates.
    public static X509ExtendedTrustManager trustManager(List<TestIdentity> all) {
        try {
            var store = emptyStore("PKCS12");
            for (var each : all) {
                store.setCertificateEntry(ALIAS + all.indexOf(each), each.certificate);
            }
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
