package dev.tidemark.forwarder.webhook;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Describes to the operator why a receiver sent no response. Used by [WebhookClient]; thread-safe.
final class ConnectionFailureDescriber {
    private static final int MAX_CAUSES = 10;
    private static final String PROXY_REMEDY = "correct the proxy of the sink or of egress";

    private ConnectionFailureDescriber() {}

    /// Returns the cause and the remedy as a clause.
    ///
    /// @param peer host of the request, with its port unless that is the default
    static String text(String peer, IOException failure) {
        return switch (failure) {
            case UnknownHostException ignored ->
                "no name server resolves the host of " + peer + "; correct the sink's url, or the name server";
            case ConnectException refused -> unconnected(peer, refused);
            case NoRouteToHostException ignored -> peer + " cannot be reached: no route leads there from this machine";
            case SSLException tls -> untrusted(peer, tls).orElseGet(() -> noTls(peer, tls));
            case InterruptedIOException ignored -> "the request to " + peer + " was aborted";
            case SocketException ignored -> peer + " closed the connection before it responded";
            default -> peer + " sent no response" + detail(failure);
        };
    }

    /// Returns the cause and the remedy for a request through a proxy, to which every connection leads.
    ///
    /// @param proxy host and port of the proxy
    static String textBehind(String proxy, String peer, IOException failure) {
        return switch (failure) {
            case UnknownHostException ignored ->
                "no name server resolves the host of the proxy " + proxy + "; " + PROXY_REMEDY + ", or the name server";
            case ConnectException refused ->
                isRefused(refused)
                        ? "the proxy " + proxy + " refuses connections; start it, or " + PROXY_REMEDY
                        : "the proxy " + proxy + " cannot be reached"
                                + detail(chain(refused).toList().getLast()) + "; start it, or " + PROXY_REMEDY;
            case NoRouteToHostException ignored ->
                "the proxy " + proxy + " cannot be reached: no route leads there from this machine; " + PROXY_REMEDY;
            default -> text(peer, failure);
        };
    }

    private static String unconnected(String peer, ConnectException failure) {
        return isRefused(failure)
                ? peer + " refuses connections; start the receiver, or correct the sink's url"
                : peer + " cannot be reached" + detail(chain(failure).toList().getLast());
    }

    /// Libraries wrap the system's message, which is in the innermost cause.
    private static boolean isRefused(ConnectException failure) {
        return chain(failure)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .anyMatch(message -> message.contains("onnection refused"));
    }

    private static Optional<String> untrusted(String peer, SSLException failure) {
        var causes = chain(failure).toList();
        if (has(causes, CertificateExpiredException.class)) {
            return Optional.of("the certificate of " + peer + " has expired; renew it there");
        }
        if (has(causes, SSLPeerUnverifiedException.class)) {
            return Optional.of("the certificate of " + peer + " is for other names; correct it, or the sink's url");
        }
        return has(causes, CertPathBuilderException.class) || has(causes, CertificateException.class)
                ? Optional.of("the certificate of " + peer + " comes from an authority that is not trusted; name a file"
                        + " with the authority's certificate in the sink's tls.trust-store")
                : Optional.empty();
    }

    private static String noTls(String peer, SSLException failure) {
        var message = Objects.requireNonNullElse(failure.getMessage(), "");
        if (message.contains("Unsupported or unrecognized SSL message")) {
            return peer + " does not speak TLS; write http in the sink's url, or set up TLS there";
        }
        return isOfClientCertificate(message)
                ? peer + " asks for another client certificate; set the sink's tls.client-certificate"
                : "TLS with " + peer + " failed" + detail(failure);
    }

    /// The JDK distinguishes alerts by their text only (RFC 8446, section 6.2).
    private static boolean isOfClientCertificate(String message) {
        return Stream.of("bad_certificate", "certificate_required", "certificate_unknown", "unknown_ca")
                .anyMatch(message::contains);
    }

    private static String detail(Throwable failure) {
        return Optional.ofNullable(failure.getMessage()).map(why -> ": " + why).orElse("");
    }

    private static boolean has(List<Throwable> causes, Class<? extends Throwable> kind) {
        return causes.stream().anyMatch(kind::isInstance);
    }

    private static Stream<Throwable> chain(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(MAX_CAUSES);
    }
}
