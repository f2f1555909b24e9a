package dev.tidemark.daemon.check;

import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.http.WebHost;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/// Checks the way to one server of a connection: name, TCP and TLS. Behind a proxy, only the proxy's name is
/// checked here; the first request shows the rest. Not thread-safe; used by the thread of the check.
final class RouteCheck {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int MAX_CAUSES = 10;
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    private final ConnectionConfig config;
    private final StepCollector steps;

    RouteCheck(ConnectionConfig config, StepCollector steps) {
        this.config = config;
        this.steps = steps;
    }

    /// Returns whether requests to `url` can be tried.
    boolean run(URI url) {
        var proxy = config.proxy();
        if (proxy.isPresent()) {
            var what = "proxy " + proxy.get().host();
            return resolve(proxy.get().host(), what, "the connection's proxy")
                    .map(addresses -> connect(addresses.getFirst(), proxy.get().port(), what))
                    .orElse(false);
        }
        var host = WebHost.textIn(url);
        return resolve(host, host, "the connection's url")
                .map(addresses ->
                        isTls(url) ? handshake(addresses, url) : connect(addresses.getFirst(), port(url), host))
                .orElse(false);
    }

    /// Returns the addresses of a name; empty if it has none.
    private Optional<List<InetAddress>> resolve(String host, String what, String setting) {
        try {
            var addresses = List.of(InetAddress.getAllByName(bare(host)));
            passed(CheckStage.NAME_RESOLUTION, what + " is " + text(addresses) + ".");
            return Optional.of(addresses);
        } catch (UnknownHostException unknown) {
            failed(
                    CheckStage.NAME_RESOLUTION,
                    "No name server of this machine resolves " + what + ".",
                    "Correct the host in " + setting + ", or add the name to DNS.");
            return Optional.empty();
        }
    }

    private boolean connect(InetAddress address, int port, String what) {
        try {
            TlsHandshake.connect(address, port, timeout());
            passed(CheckStage.CONNECT, what + " accepts connections on port " + port + ".");
            return true;
        } catch (IOException unreachable) {
            unreachable(what, port, unreachable);
            return false;
        }
    }

    private boolean handshake(List<InetAddress> addresses, URI url) {
        var host = bare(WebHost.textIn(url));
        try {
            var shown = TlsHandshake.trusted(config.tls(), addresses.getFirst(), host, port(url), timeout());
            passed(CheckStage.CONNECT, host + " shows " + shown.text() + ", which is trusted.");
            return true;
        } catch (SSLException tls) {
            var certificate = TlsHandshake.shown(addresses.getFirst(), host, port(url), timeout());
            failed(CheckStage.CONNECT, tlsCause(host, tls, certificate), tlsRemedy(tls, certificate));
            return false;
        } catch (IOException unreachable) {
            unreachable(host, port(url), unreachable);
            return false;
        }
    }

    private void unreachable(String what, int port, IOException failure) {
        var cause = switch (failure) {
            case SocketTimeoutException ignored -> " does not respond";
            case ConnectException ignored -> " refuses connections";
            default -> " cannot be reached (" + failure.getMessage() + ")";
        };
        failed(
                CheckStage.CONNECT,
                what + cause + " on port " + port + ".",
                "Check the address in the connection, the firewall between this machine and the server, and that the"
                        + " server runs.");
    }

    private static String tlsCause(String host, SSLException failure, Optional<ServerCertificate> certificate) {
        var shown = certificate.map(it -> " shows " + it.text() + ", which ").orElse("'s certificate ");
        return host
                + switch (reason(failure)) {
                    case EXPIRED -> shown + "is not valid now.";
                    case OTHER_NAME -> shown + "does not name this host.";
                    case UNTRUSTED -> shown + "comes from an authority that is not trusted here.";
                    case OTHER -> ": TLS failed (" + failure.getMessage() + ").";
                };
    }

    private String tlsRemedy(SSLException failure, Optional<ServerCertificate> certificate) {
        return switch (reason(failure)) {
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
                config.tls().clientCertificate().isPresent()
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

    private static TlsFault reason(SSLException failure) {
        var causes = Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(MAX_CAUSES)
                .toList();
        if (causes.stream()
                .anyMatch(cause -> cause instanceof CertificateExpiredException
                        || cause instanceof CertificateNotYetValidException)) {
            return TlsFault.EXPIRED;
        }
        if (causes.stream().anyMatch(RouteCheck::isOfName)) {
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

    /// Returns the limit of one attempt to connect.
    private Duration timeout() {
        return config.timeout().compareTo(CONNECT) < 0 ? config.timeout() : CONNECT;
    }

    private void passed(CheckStage stage, String message) {
        steps.add(CheckStep.passed(stage, message).ofConnection(config.name()));
    }

    private void failed(CheckStage stage, String message, String remedy) {
        steps.add(CheckStep.failed(stage, message, remedy).ofConnection(config.name()));
    }

    static boolean isTls(URI url) {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    static int port(URI url) {
        var port = WebHost.portIn(url);
        return port >= 0 ? port : isTls(url) ? HTTPS : HTTP;
    }

    /// Returns the certificate that the server of `url` shows; empty behind a proxy and without TLS.
    Optional<ServerCertificate> certificate(URI url) {
        if (config.proxy().isPresent() || !isTls(url)) {
            return Optional.empty();
        }
        try {
            var host = bare(WebHost.textIn(url));
            return TlsHandshake.shown(InetAddress.getByName(host), host, port(url), timeout());
        } catch (UnknownHostException gone) {
            return Optional.empty();
        }
    }

    /// Returns an IPv6 address without its brackets.
    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static String text(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).distinct().collect(Collectors.joining(", "));
    }
}
