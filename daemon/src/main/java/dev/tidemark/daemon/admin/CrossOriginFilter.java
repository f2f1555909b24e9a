package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.config.NetworkAddressConverter;
import java.net.URI;
import java.util.Optional;

/// Rejects requests of foreign web pages, because the API trusts every local client. `Host` reveals a foreign
/// DNS name that points to loopback; `Origin` reveals a page that submits a form. Thread-safe.
final class CrossOriginFilter {
    private CrossOriginFilter() {}

    static Optional<AdminReply> rejection(AdminRequest request) {
        var host = request.host().map(CrossOriginFilter::withoutPort).orElse("");
        if (!NetworkAddressConverter.isLoopback(host)) {
            return Optional.of(AdminReply.problem(
                    403,
                    "foreign-host",
                    "this API serves localhost and 127.0.0.1 only, and was called as '" + host + "'"));
        }
        var fromElsewhere = request.origin().filter(origin -> !isOwn(origin, request));
        return fromElsewhere.map(origin ->
                AdminReply.problem(403, "foreign-origin", "a page from " + origin + " may not call this API"));
    }

    private static boolean isOwn(String origin, AdminRequest request) {
        try {
            return request.host().equals(Optional.ofNullable(URI.create(origin).getRawAuthority()));
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    private static String withoutPort(String host) {
        var colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
