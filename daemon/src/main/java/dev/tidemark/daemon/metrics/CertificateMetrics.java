package dev.tidemark.daemon.metrics;

import dev.tidemark.ews.config.TextFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Remaining validity of the certificates in use, from their files as they are at the scrape.
///
/// @param files files of the current configuration
record CertificateMetrics(Supplier<List<CertificateFile>> files, Clock clock) implements MetricSource {
    /// Block of a certificate; a file may hold keys and parameters, too.
    private static final Pattern PEM = Pattern.compile(
            "-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([^-]+)-----END (?:X509 |TRUSTED )?CERTIFICATE-----");

    /// PEM file, or store in PKCS12 or JKS, with a certificate that Tidemark presents.
    ///
    /// @param password password of a store, if it has one
    record CertificateFile(Path path, Optional<String> password) {
        @Override
        public String toString() {
            return "CertificateFile[" + path + "]";
        }
    }

    @Override
    public void collect(MetricPage page) {
        var now = clock.instant();
        for (var file : files.get()) {
            page.gauge(
                    "certificate_expiry_seconds",
                    "Time until the earliest expiry of a certificate in the file; 0 if it is unreadable, negative if"
                            + " expired.",
                    MetricLabels.of("file", file.path().toString()),
                    expiry(file)
                            .map(end -> Duration.between(now, end).toSeconds())
                            .orElse(0L));
        }
    }

    /// Returns the earliest expiry of a certificate in the file; empty if none can be read.
    static Optional<Instant> expiry(CertificateFile file) {
        try {
            return certificates(file).stream()
                    .filter(X509Certificate.class::isInstance)
                    .map(each -> ((X509Certificate) each).getNotAfter().toInstant())
                    .min(Instant::compareTo);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static Collection<? extends Certificate> certificates(CertificateFile file)
            throws IOException, GeneralSecurityException {
        var content = TextFiles.ascii(Files.readAllBytes(file.path()));
        var factory = CertificateFactory.getInstance("X.509");
        var blocks = PEM.matcher(new String(content, StandardCharsets.ISO_8859_1));
        var listed = new ArrayList<Certificate>();
        while (blocks.find()) {
            var block = Base64.getMimeDecoder().decode(blocks.group(1));
            listed.add(factory.generateCertificate(new ByteArrayInputStream(block)));
        }
        return listed.isEmpty() ? binary(file, factory, content) : listed;
    }

    /// Reads DER, PKCS#7, or a store.
    private static Collection<? extends Certificate> binary(
            CertificateFile file, CertificateFactory factory, byte[] content)
            throws IOException, GeneralSecurityException {
        try {
            return factory.generateCertificates(new ByteArrayInputStream(content));
        } catch (CertificateException notBare) {
            return stored(file);
        }
    }

    private static Collection<? extends Certificate> stored(CertificateFile file)
            throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(
                file.path().toFile(), file.password().orElse("").toCharArray());
        var found = new ArrayList<Certificate>();
        for (var alias : Collections.list(store.aliases())) {
            Optional.ofNullable(store.getCertificate(alias)).ifPresent(found::add);
        }
        return found;
    }
}
