package dev.tidemark.listener;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A certificate chain and its key, read from PEM files into a key store in memory.
record PemIdentity(ListenerConfig.Tls files, KeyStore keyStore, String password, List<FileTime> changed) {
    private static final Logger LOG = LoggerFactory.getLogger(PemIdentity.class);
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----", Pattern.DOTALL);

    PemIdentity {
        changed = List.copyOf(changed);
    }

    /// @throws ListenerException if one of the files cannot be read or they do not belong together
    static PemIdentity load(ListenerConfig.Tls files) {
        try {
            var changed = times(files);
            var password = UUID.randomUUID().toString();
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("listener", key(files.privateKey()), password.toCharArray(), chain(files.certificate()));
            return new PemIdentity(files, store, password, changed);
        } catch (IOException | GeneralSecurityException e) {
            throw new ListenerException(
                    "Cannot use certificate " + files.certificate() + " with key " + files.privateKey() + " ("
                            + e.getMessage() + "); give a PEM certificate and its PKCS#8 key.",
                    e);
        }
    }

    @Override
    public String toString() {
        return "PemIdentity[" + files + "]";
    }

    private static List<FileTime> times(ListenerConfig.Tls files) throws IOException {
        return List.of(Files.getLastModifiedTime(files.certificate()), Files.getLastModifiedTime(files.privateKey()));
    }

    private static Certificate[] chain(Path file) throws IOException, GeneralSecurityException {
        var chain = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
        if (chain.isEmpty()) {
            throw new GeneralSecurityException("no certificate in " + file);
        }
        return chain.toArray(Certificate[]::new);
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        var pem = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw new GeneralSecurityException("no BEGIN PRIVATE KEY in " + file);
        }
        var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (var algorithm : List.of("RSA", "EC", "EdDSA")) {
            var key = key(algorithm, spec);
            if (key.isPresent()) {
                return key.get();
            }
        }
        throw new GeneralSecurityException("the key in " + file + " is none of RSA, EC, EdDSA");
    }

    private static Optional<PrivateKey> key(String algorithm, PKCS8EncodedKeySpec spec) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(spec));
        } catch (GeneralSecurityException e) {
            LOG.debug("The key is not {}.", algorithm, e);
            return Optional.empty();
        }
    }

    /// The files' identity of now, if they changed and can be used.
    Optional<PemIdentity> refreshed() {
        try {
            return times(files).equals(changed) ? Optional.empty() : Optional.of(load(files));
        } catch (IOException | ListenerException e) {
            LOG.warn("The changed certificate is not used: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
