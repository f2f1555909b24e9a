package dev.tidemark.daemon.check;

import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/// Failed TLS handshake with a server, in words for the operator.
///
/// @param certificate certificate that the server showed, if any
record TlsFailure(
        String host, SSLException failure, Optional<ServerCertificate> certificate, boolean hasClientCertificate) {
    private static final int MAX_CAUSES = 10;

    /// Returns the cause as a sentence.
    String cause() {
        var shown = certificate.map(it -> " shows " + it.text() + ", which ").orElse("'s certificate ");
        return host
                + switch (reason()) {
                    case EXPIRED -> shown + "is not valid now.";
                    case OTHER_NAME -> shown + "does not name this host.";
                    case UNTRUSTED -> shown + "comes from an authority that is not trusted here.";
                    case OTHER -> ": TLS failed (" + failure.getMessage() + ").";
                };
    }

    String remedy() {
        return switch (reason()) {
            case EXPIRED -> "Renew the certificate on the server, and check the clock of this machine.";
            case OTHER_NAME ->
                certificate
                        .filter(it -> !it.names().isEmpty())
                        .map(it ->
                                "Use one of its names in the connection's url: " + String.join(", ", it.names()) + ".")
                        .orElse("Give the server a certificate for this host.");
            case UNTRUSTED ->
                "Write the certificate of "
                        + certificate.map(ServerCertificate::issuer).orElse("its authority")
                        + " to a file and name that in the connection's tls.trust-store.";
            case OTHER ->
                hasClientCertificate
                        ? "Check the connection's tls.client-certificate, and the TLS versions of the server."
                        : "Check that the port serves TLS, its TLS versions, and whether it asks for a client certificate.";
        };
    }

    /// Reasons of a failed handshake.
    private enum TlsFault {
        EXPIRED,
        OTHER_NAME,
        UNTRUSTED,
        OTHER
    }

    private TlsFault reason() {
        var causes = Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(MAX_CAUSES)
                .toList();
        if (causes.stream()
                .anyMatch(cause -> cause instanceof CertificateExpiredException
                        || cause instanceof CertificateNotYetValidException)) {
            return TlsFault.EXPIRED;
        }
        if (causes.stream().anyMatch(TlsFailure::isOfName)) {
            return TlsFault.OTHER_NAME;
        }
        return causes.stream().anyMatch(CertificateException.class::isInstance) ? TlsFault.UNTRUSTED : TlsFault.OTHER;
    }

    /// The JDK distinguishes a wrong name by its text only.
    private static boolean isOfName(Throwable cause) {
        var text = Objects.requireNonNullElse(cause.getMessage(), "");
        return cause instanceof CertificateException
                && (text.contains("subject alternative") || text.startsWith("No name matching"));
    }
}
