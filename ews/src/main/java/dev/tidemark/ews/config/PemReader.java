package dev.tidemark.ews.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.regex.Pattern;

/// Reads certificates and keys of PEM files. Called by [TlsStoreReader]; has no state.
final class PemReader {
    private static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----";
    private static final String ALIAS = "certificate-";
    private static final Pattern KEY = Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

    private PemReader() {}

    static X509Certificate firstCertificate(KeyStore store, Path path) throws GeneralSecurityException {
        // the alias holds the position in the file
        var first = Collections.list(store.aliases()).stream()
                .min(Comparator.comparingInt(alias -> Integer.parseInt(alias.substring(ALIAS.length()))));
        if (first.isPresent() && store.getCertificate(first.get()) instanceof X509Certificate certificate) {
            return certificate;
        }
        throw new UnreadableStoreException(path + " holds no certificate; name the PEM file that does");
    }

    static PrivateKey privateKey(byte[] content, Path path) throws GeneralSecurityException {
        var found = KEY.matcher(new String(content, StandardCharsets.ISO_8859_1));
        if (!found.find()) {
            throw new UnreadableStoreException(
                    path + " holds no private key that can be read; make one by openssl pkcs8 -topk8 -nocrypt");
        }
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(1))));
        } catch (InvalidKeySpecException | IllegalArgumentException e) {
            throw new UnreadableStoreException(
                    path + " holds no RSA key that can be read; token endpoints take RSA", e);
        }
    }

    static boolean isPem(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1).contains("-----BEGIN ");
    }

    /// Reads the certificates of a PEM file, and skips any text between them.
    static KeyStore certificates(byte[] content) throws IOException, GeneralSecurityException {
        var text = new String(content, StandardCharsets.ISO_8859_1);
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        var factory = CertificateFactory.getInstance("X.509");
        for (var from = text.indexOf(CERTIFICATE); from >= 0; from = text.indexOf(CERTIFICATE, from + 1)) {
            var one = new ByteArrayInputStream(text.substring(from).getBytes(StandardCharsets.ISO_8859_1));
            store.setCertificateEntry(ALIAS + from, factory.generateCertificate(one));
        }
        return store;
    }
}
