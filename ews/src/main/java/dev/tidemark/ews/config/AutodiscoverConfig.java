package dev.tidemark.ews.config;

import dev.tidemark.http.WebHost;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/// Settings of the autodiscover service. `connection` holds the service's address and its login. Credentials go
/// only to the host of that address and to `allowedHosts`; `*.example.com` covers every host below that domain.
/// `allowHttp` permits unencrypted requests. Immutable.
public record AutodiscoverConfig(ConnectionConfig connection, List<String> allowedHosts, boolean allowHttp) {
    public AutodiscoverConfig {
        allowedHosts =
                allowedHosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    }

    /// Returns whether credentials may be sent to `address`.
    public boolean trusts(URI address) {
        var host = WebHost.textIn(address).toLowerCase(Locale.ROOT);
        var secure = "https".equalsIgnoreCase(address.getScheme())
                || ("http".equalsIgnoreCase(address.getScheme()) && (allowHttp || isLoopback(host)));
        return secure
                && (host.equalsIgnoreCase(WebHost.textIn(connection.url()))
                        || allowedHosts.stream().anyMatch(allowed -> covers(allowed, host)));
    }

    private static boolean covers(String allowed, String host) {
        return allowed.startsWith("*.") ? host.endsWith(allowed.substring(1)) : host.equals(allowed);
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127\\.\\d+\\.\\d+\\.\\d+");
    }
}
