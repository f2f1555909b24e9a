package dev.tidemark.listener;

import dev.tidemark.ews.config.TextFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// Certificate chain and its key, read from PEM files into a key store in memory. Used by the listener's server and
/// the admin server.
public record PemIdentity(KeyStore keyStore, String password, Certificate certificate) {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----", Pattern.DOTALL);

    /// Loads the files.
    ///
    /// @throws ListenerException if a file cannot be read or the key belongs to another certificate
    public static PemIdentity load(ListenerConfig.Tls files) {
        try {
            var password = UUID.randomUUID().toString();
            var chain = chain(files.certificate());
            var key = key(files.privateKey(), chain[0].getPublicKey());
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("listener", key, password.toCharArray(), chain);
            return new PemIdentity(store, password, chain[0]);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new ListenerException(
                    "Cannot use certificate " + files.certificate() + " with key " + files.privateKey() + " ("
                            + e.getMessage() + "); give a PEM certificate and its PKCS#8 key.",
                    e);
        }
    }

    /// Returns the reason for which callers refuse the certificate now; empty if it is valid.
    Optional<String> invalidity() {
        try {
            if (certificate instanceof X509Certificate known) {
                known.checkValidity();
            }
            return Optional.empty();
        } catch (CertificateExpiredException | CertificateNotYetValidException invalid) {
            return Optional.of("the certificate is not valid now (" + invalid.getMessage() + ")");
        }
    }

    /// Returns true if the other identity has the same certificate, and so the same key.
    boolean isSameCertificate(PemIdentity other) {
        return certificate.equals(other.certificate);
    }

    @Override
    public String toString() {
        return "PemIdentity[redacted]";
    }

    private static Certificate[] chain(Path file) throws IOException, GeneralSecurityException {
        var chain =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(content(file)));
        if (chain.isEmpty()) {
            throw new GeneralSecurityException("no certificate in " + file);
        }
        return chain.toArray(Certificate[]::new);
    }

    private static byte[] content(Path file) throws IOException {
        return TextFiles.ascii(Files.readAllBytes(file));
    }

    private static PrivateKey key(Path file, PublicKey publicKey) throws IOException, GeneralSecurityException {
        var pem = KEY.matcher(new String(content(file), StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw new GeneralSecurityException("no BEGIN PRIVATE KEY in " + file);
        }
        var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        var key = KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(spec);
        if (!isKeyPair(key, publicKey)) {
            throw new GeneralSecurityException("the key belongs to another certificate");
        }
        return key;
    }

    /// Returns true if the key belongs to the certificate. During a replacement, one file may be new and the
    /// other old.
    private static boolean isKeyPair(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        var algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        var signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update((byte) 1);
        var signature = signer.sign();
        signer.initVerify(publicKey);
        signer.update((byte) 1);
        return signer.verify(signature);
    }
}
