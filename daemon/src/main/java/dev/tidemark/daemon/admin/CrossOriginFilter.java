package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.config.NetworkAddressConverter;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/// Rejects requests of foreign web pages. `Host` reveals a foreign DNS name that points to loopback; `Origin` and
/// `Sec-Fetch-Site` reveal a page that submits a form. Immutable.
///
/// @param onLoopback true if only programs of this machine reach the API; beyond it every route needs a token, and
///         any name of the machine is accepted
/// @param publicHost host and port at which a reverse proxy serves the API
record CrossOriginFilter(boolean onLoopback, Optional<String> publicHost) {
    /// Values of `Sec-Fetch-Site` for the API's own page, and for an address that a person types.
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    Optional<AdminReply> rejection(AdminRequest request) {
        var host = request.host().orElse("");
        if (onLoopback && !isLoopback(request) && !isPublic(host)) {
            return Optional.of(AdminReply.problem(
                    403,
                    "foreign-host",
                    "this API serves localhost and 127.0.0.1 only, and was called as '" + withoutPort(host)
                            + "'; for a reverse proxy set admin.public-url, for other machines admin.bind with"
                            + " admin.tokens and admin.tls"));
        }
        var foreignOrigin = request.origin().filter(origin -> !isOwn(origin, request));
        if (foreignOrigin.isPresent()) {
            return Optional.of(foreign("a page from " + foreignOrigin.get() + " may not call this API"));
        }
        return request.header("sec-fetch-site")
                .filter(site -> !request.isSafe() && !OWN_SITES.contains(site))
                .map(site -> foreign("a page of another site may not change anything through this API"));
    }

    private static AdminReply foreign(String detail) {
        return AdminReply.problem(403, "foreign-origin", detail);
    }

    static boolean isLoopback(AdminRequest request) {
        return NetworkAddressConverter.isLoopback(
                request.host().map(CrossOriginFilter::withoutPort).orElse(""));
    }

    private boolean isPublic(String host) {
        return publicHost.filter(host::equalsIgnoreCase).isPresent();
    }

    private boolean isOwn(String origin, AdminRequest request) {
        try {
            var authority = Optional.ofNullable(URI.create(origin).getRawAuthority());
            return authority
                    .filter(own -> request.host().filter(own::equals).isPresent() || isPublic(own))
                    .isPresent();
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    private static String withoutPort(String host) {
        var colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
