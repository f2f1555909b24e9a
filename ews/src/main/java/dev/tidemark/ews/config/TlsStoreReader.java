package dev.tidemark.ews.config;

import dev.tidemark.ews.config.EwsTlsConfig.StoreFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Reads stores of certificates and keys. Describes each failure in one sentence with its remedy. Called by the
/// threads that read the configuration or connect; has no state.
final class TlsStoreReader {
    /// Limit of a store's size; protects the heap from a mistaken path. No list of authorities is nearly as
    /// large.
    private static final long MAX_BYTES = 16 * 1024 * 1024;

    private TlsStoreReader() {}

    static SSLContext context(EwsTlsConfig tls) {
        try {
            var context = SSLContext.getInstance("TLS");
            // null selects the JVM's default
            var keys = tls.clientCertificate().map(TlsStoreReader::keys).orElse(null);
            var trust = tls.trustStore().map(TlsStoreReader::trust).orElse(null);
            context.init(keys, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM cannot do TLS.", e);
        }
    }

    private static TrustManager[] trust(StoreFile file) {
        try {
            var content = content(file.path());
            var store = PemReader.isPem(content) ? PemReader.certificates(content) : open(file);
            if (store.size() == 0) {
                throw new UnreadableStoreException(file.path() + " holds no readable trusted certificate; set"
                        + " its password, import one by keytool -importcert, or name a PEM file");
            }
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (CertificateException e) {
            throw new UnreadableStoreException(file.path() + " holds a broken certificate; export it again", e);
        } catch (IOException | GeneralSecurityException e) {
            throw unreadable(file.path(), e);
        }
    }

    private static KeyManager[] keys(StoreFile file) {
        try {
            if (PemReader.isPem(content(file.path()))) {
                throw new UnreadableStoreException(file.path()
                        + " is a PEM file; make a PKCS12 file of certificate and key by openssl pkcs12 -export");
            }
            var store = open(file);
            if (!holdsKey(store)) {
                throw new UnreadableStoreException(file.path()
                        + " holds no private key; make a PKCS12 file of certificate and key by openssl pkcs12 -export");
            }
            var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, file.password().map(String::toCharArray).orElse(new char[0]));
            return factory.getKeyManagers();
        } catch (UnrecoverableKeyException e) {
            throw wrongPassword(file.path(), e);
        } catch (IOException | GeneralSecurityException e) {
            throw unreadable(file.path(), e);
        }
    }

    /// Returns the signing key of a store or of PEM files.
    static AssertionSigningKey signingKey(StoreFile file, Optional<Path> privateKey) {
        try {
            var content = content(file.path());
            if (!PemReader.isPem(content)) {
                return signingKey(open(file), file);
            }
            var keyFile = privateKey.orElse(file.path());
            var key = PemReader.privateKey(content(keyFile), keyFile);
            return new AssertionSigningKey(
                    key, PemReader.firstCertificate(PemReader.certificates(content), file.path()));
        } catch (UnrecoverableKeyException e) {
            throw wrongPassword(file.path(), e);
        } catch (CertificateException e) {
            throw new UnreadableStoreException(file.path() + " holds a broken certificate; export it again", e);
        } catch (IOException | GeneralSecurityException e) {
            throw unreadable(file.path(), e);
        }
    }

    private static AssertionSigningKey signingKey(KeyStore store, StoreFile file) throws GeneralSecurityException {
        for (var alias : Collections.list(store.aliases())) {
            var password = file.password().map(String::toCharArray).orElse(new char[0]);
            if (store.isKeyEntry(alias)
                    && store.getKey(alias, password) instanceof PrivateKey key
                    && store.getCertificate(alias) instanceof X509Certificate certificate) {
                return new AssertionSigningKey(key, certificate);
            }
        }
        throw new UnreadableStoreException(file.path()
                + " holds no private key; make a PKCS12 file of certificate and key by openssl pkcs12 -export");
    }

    private static boolean holdsKey(KeyStore store) throws KeyStoreException {
        for (var alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] content(Path path) throws IOException {
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw new UnreadableStoreException(path + " cannot be read; create it, or correct the path");
        }
        if (Files.size(path) > MAX_BYTES) {
            throw new UnreadableStoreException(path + " is too large for a store; correct the path");
        }
        return TextFiles.ascii(Files.readAllBytes(path));
    }

    /// Opens a store and detects its type, PKCS12 or JKS.
    private static KeyStore open(StoreFile file) throws IOException, GeneralSecurityException {
        char @Nullable [] password = file.password().map(String::toCharArray).orElse(null);
        try {
            return KeyStore.getInstance(file.path().toFile(), password);
        } catch (KeyStoreException e) {
            throw new UnreadableStoreException(
                    file.path() + " is neither a PKCS12 nor a JKS store; export it again, or correct the path", e);
        } catch (NoSuchAlgorithmException e) {
            throw new UnreadableStoreException(
                    file.path() + " is encrypted in a way that this JVM does not support; export it again", e);
        } catch (IOException e) {
            if (isWrongPassword(e)) {
                throw wrongPassword(file.path(), e);
            }
            throw e;
        }
    }

    private static boolean isWrongPassword(IOException failure) {
        return Optional.ofNullable(failure.getCause())
                .filter(UnrecoverableKeyException.class::isInstance)
                .isPresent();
    }

    private static UnreadableStoreException wrongPassword(Path path, Exception cause) {
        return new UnreadableStoreException(path + " does not open with this password; correct the password", cause);
    }

    private static UnreadableStoreException unreadable(Path path, Exception cause) {
        return new UnreadableStoreException(path + " is broken; export it again, or correct the path", cause);
    }
}
