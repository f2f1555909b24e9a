package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.MailboxServer;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.MailboxAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// Which server a front end sends a request to, by what its headers ask for (docs, how-to-maintain-affinity).
///
/// @param anchor the mailbox whose server is meant, where no cookie names one
/// @param affine whether the client wants to be told the server, so as to come back to it
/// @param cookie the server that it was told; stronger than the anchor
public record AffinityRoute(Optional<MailboxAddress> anchor, boolean affine, Optional<String> cookie) {
    static final AffinityRoute NONE = new AffinityRoute(Optional.empty(), false, Optional.empty());

    private static final String COOKIE = "X-BackEndOverrideCookie=";

    /// `headers` by their names in small letters.
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

    /// A cookie of a server that is no more is as good as none.
    MailboxServer server(SimulatedOrganization world, MailboxAddress impersonated) {
        return cookie.flatMap(text -> world.servers().stream()
                        .filter(server -> text.startsWith(server.host() + "~"))
                        .findFirst())
                .orElseGet(() -> world.server(anchor.orElse(impersonated)));
    }

    /// What the answer says about it.
    Map<String, String> headers(MailboxServer server) {
        return affine && cookie.isEmpty()
                ? Map.of("Set-Cookie", COOKIE + server.host() + "~1943310282; path=/; HttpOnly")
                : Map.of();
    }
}
