package dev.tidemark.listener;

import java.util.Arrays;
import java.util.List;

/// Determines the address of a client, and applies `allow-from` to it. [CallbackAdmissionPolicy] calls it for
/// each request. Thread-safe.
final class ClientAddressFilter {
    private final AddressRanges allowed;
    private final AddressRanges proxies;

    ClientAddressFilter(AddressRanges allowed, AddressRanges proxies) {
        this.allowed = allowed;
        this.proxies = proxies;
    }

    /// Returns the address that counts: the peer's, unless the peer is a trusted proxy. Then it is the
    /// right-most address of `X-Forwarded-For` that is not a trusted proxy. The client itself may have written
    /// everything further left.
    String clientAddress(String peer, List<String> forwardedFor) {
        if (!isTrustedProxy(peer)) {
            return peer;
        }
        var client = peer;
        for (var hop : hops(forwardedFor).reversed()) {
            client = withoutPort(hop);
            if (!proxies.contains(client)) {
                break;
            }
        }
        return client;
    }

    /// Returns true if the peer of a connection is a trusted proxy.
    boolean isTrustedProxy(String peer) {
        return !proxies.isEmpty() && proxies.contains(peer);
    }

    boolean isAllowed(String client) {
        return allowed.isEmpty() || allowed.contains(client);
    }

    private static List<String> hops(List<String> headers) {
        return headers.stream()
                .flatMap(header -> Arrays.stream(header.split(",", -1)))
                .map(String::strip)
                .filter(hop -> !hop.isEmpty())
                .toList();
    }

    /// Removes the port that some proxies append: `192.0.2.1:4711` or `[2001:db8::1]:4711`.
    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            var end = hop.indexOf(']');
            return end < 0 ? hop : hop.substring(1, end);
        }
        var colon = hop.indexOf(':');
        return colon > 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }
}
