package dev.tidemark.daemon.check;

import dev.tidemark.daemon.check.CheckStep.CheckStage;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.http.WebHost;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/// Checks the way to one server of a connection: name, TCP and TLS. Behind a proxy, only the proxy's name is
/// checked here; the first request shows the rest. Not thread-safe; used by the thread of the check.
final class RouteCheck {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    /// Limit of addresses of one name that are tried, as by requests.
    private static final int ADDRESSES_TRIED = 3;

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
                    .map(addresses -> connect(addresses, proxy.get().port(), what))
                    .orElse(false);
        }
        var host = WebHost.textIn(url);
        return resolve(host, host, "the connection's url")
                .map(addresses -> isTls(url) ? handshake(addresses, url) : connect(addresses, port(url), host))
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

    private boolean connect(List<InetAddress> addresses, int port, String what) {
        var reached = reachable(addresses, port, what);
        reached.ifPresent(ignored -> passed(CheckStage.CONNECT, what + " accepts connections on port " + port + "."));
        return reached.isPresent();
    }

    /// Returns the first address that accepts connections. Adds a failed step if there is none.
    private Optional<InetAddress> reachable(List<InetAddress> addresses, int port, String what) {
        var failures = new ArrayList<IOException>();
        for (var address : addresses.subList(0, Math.min(ADDRESSES_TRIED, addresses.size()))) {
            try {
                TlsHandshake.connect(address, port, timeout());
                return Optional.of(address);
            } catch (IOException unreachable) {
                failures.add(unreachable);
            }
        }
        unreachable(what, port, failures.getFirst());
        return Optional.empty();
    }

    private boolean handshake(List<InetAddress> addresses, URI url) {
        var host = bare(WebHost.textIn(url));
        return reachable(addresses, port(url), host)
                .filter(address -> handshake(address, host, port(url)))
                .isPresent();
    }

    private boolean handshake(InetAddress address, String host, int port) {
        try {
            var shown = TlsHandshake.trusted(config.tls(), address, host, port, timeout());
            passed(CheckStage.CONNECT, host + " shows " + shown.text() + ", which is trusted.");
            return true;
        } catch (SSLException tls) {
            var failure = new TlsFailure(
                    host,
                    tls,
                    TlsHandshake.shown(address, host, port, timeout()),
                    config.tls().clientCertificate().isPresent());
            failed(CheckStage.CONNECT, failure.cause(), failure.remedy());
            return false;
        } catch (IOException unreachable) {
            unreachable(host, port, unreachable);
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
