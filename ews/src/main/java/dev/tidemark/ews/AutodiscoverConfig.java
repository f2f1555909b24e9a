package dev.tidemark.ews;

import dev.tidemark.ews.login.ConnectionConfig;
import dev.tidemark.http.WebHost;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/// How to ask autodiscover. `connection` says how to log in; its address is that of the autodiscover service.
/// Credentials go to that address's host and to `allowedHosts` only, where `*.example.com` stands for every
/// host below; `allowHttp` lets them go in the clear.
public record AutodiscoverConfig(ConnectionConfig connection, List<String> allowedHosts, boolean allowHttp) {
    public AutodiscoverConfig {
        allowedHosts =
                allowedHosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    }

    /// Whether credentials may go there.
    boolean trusts(URI address) {
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
