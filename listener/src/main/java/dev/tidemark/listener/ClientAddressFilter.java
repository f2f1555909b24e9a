package dev.tidemark.listener;

import java.util.Arrays;
import java.util.List;

/// Finds out who is calling, and whether they may.
final class ClientAddressFilter {
    private final AddressRanges allowed;
    private final AddressRanges proxies;

    ClientAddressFilter(AddressRanges allowed, AddressRanges proxies) {
        this.allowed = allowed;
        this.proxies = proxies;
    }

    /// The address that counts: the peer's, or where the peer is a trusted proxy, the right-most address of
    /// `X-Forwarded-For` that is not one. Further left stands only what the caller wrote itself.
    String clientAddress(String peer, List<String> forwardedFor) {
        if (proxies.isEmpty() || !proxies.contains(peer)) {
            return peer;
        }
        var caller = peer;
        for (var hop : hops(forwardedFor).reversed()) {
            caller = withoutPort(hop);
            if (!proxies.contains(caller)) {
                break;
            }
        }
        return caller;
    }

    boolean isAllowed(String caller) {
        return allowed.isEmpty() || allowed.contains(caller);
    }

    private static List<String> hops(List<String> headers) {
        return headers.stream()
                .flatMap(header -> Arrays.stream(header.split(",", -1)))
                .map(String::strip)
                .filter(hop -> !hop.isEmpty())
                .toList();
    }

    /// Some proxies write `192.0.2.1:4711` or `[2001:db8::1]:4711`.
    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            var end = hop.indexOf(']');
            return end < 0 ? hop : hop.substring(1, end);
        }
        var colon = hop.indexOf(':');
        return colon > 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }
}
