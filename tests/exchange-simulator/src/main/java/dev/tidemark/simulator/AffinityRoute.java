package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.MailboxServer;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.MailboxAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// Routing headers of a request, from which a front end chooses a server (docs, how-to-maintain-affinity).
///
/// @param anchor mailbox whose server should answer if no cookie names one
/// @param affine true if the client wants a cookie that names the server
/// @param cookie server of an earlier response; takes precedence over the anchor
public record AffinityRoute(Optional<MailboxAddress> anchor, boolean affine, Optional<String> cookie) {
    static final AffinityRoute NONE = new AffinityRoute(Optional.empty(), false, Optional.empty());

    private static final String COOKIE = "X-BackEndOverrideCookie=";

    /// Reads `headers`, whose names are in lower case.
    static AffinityRoute of(Map<String, String> headers) {
        var cookie = Optional.ofNullable(headers.get("cookie")).stream()
                .flatMap(text -> Arrays.stream(text.split(";")))
                .map(String::strip)
                .filter(text -> text.startsWith(COOKIE))
                .map(text -> text.substring(COOKIE.length()))
                .findFirst();
        return new AffinityRoute(
                Optional.ofNullable(headers.get("x-anchormailbox")).flatMap(AffinityRoute::address),
                "true".equalsIgnoreCase(headers.get("x-preferserveraffinity")),
                cookie);
    }

    private static Optional<MailboxAddress> address(String text) {
        try {
            return Optional.of(new MailboxAddress(text));
        } catch (InvalidValueException notAnAddress) {
            return Optional.empty();
        }
    }

    /// Returns the server for a request. Ignores a cookie of a server that no longer exists.
    MailboxServer server(SimulatedOrganization organization, MailboxAddress impersonated) {
        return cookie.flatMap(text -> organization.servers().stream()
                        .filter(server -> text.startsWith(server.host() + "~"))
                        .findFirst())
                .orElseGet(() -> organization.server(anchor.orElse(impersonated)));
    }

    /// Returns the response headers that name the server.
    Map<String, String> headers(MailboxServer server) {
        return affine && cookie.isEmpty()
                ? Map.of("Set-Cookie", COOKIE + server.host() + "~1943310282; path=/; HttpOnly")
                : Map.of();
    }
}
