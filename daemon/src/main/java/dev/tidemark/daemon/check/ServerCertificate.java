package dev.tidemark.daemon.check;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Certificate that a server showed, in words for the operator.
///
/// @param thumbprint SHA-1 in hexadecimal, as `Get-ExchangeCertificate` shows it
record ServerCertificate(String subject, String issuer, List<String> names, String validUntil, String thumbprint) {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    static ServerCertificate of(X509Certificate certificate) {
        return new ServerCertificate(
                certificate.getSubjectX500Principal().getName(),
                certificate.getIssuerX500Principal().getName(),
                names(certificate),
                certificate.getNotAfter().toInstant().toString().substring(0, 10),
                thumbprint(certificate));
    }

    /// Returns a clause such as "a certificate for mail.example.com by CN=Corp CA, valid until 2027-03-01".
    String text() {
        return "a certificate for " + (names.isEmpty() ? subject : String.join(", ", names)) + " by " + issuer
                + ", valid until " + validUntil;
    }

    private static List<String> names(X509Certificate certificate) {
        try {
            return Optional.<Collection<List<?>>>ofNullable(certificate.getSubjectAlternativeNames()).stream()
                    .flatMap(Collection::stream)
                    .flatMap(ServerCertificate::name)
                    .toList();
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
    }

    private static Stream<String> name(List<?> entry) {
        var kind = entry.getFirst() instanceof Integer number ? number : -1;
        return kind == DNS_NAME || kind == IP_ADDRESS ? Stream.of(String.valueOf(entry.get(1))) : Stream.empty();
    }

    private static String thumbprint(X509Certificate certificate) {
        try {
            return HexFormat.of()
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A certificate that TLS accepted cannot be hashed.", e);
        }
    }
}
