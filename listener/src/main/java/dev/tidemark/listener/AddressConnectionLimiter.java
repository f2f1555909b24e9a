package dev.tidemark.listener;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Limits the open connections of each client address, so that one client cannot take all of them. The addresses of
/// an IPv6 network of 64 bits count as one. Trusted proxies are exempt, because the clients behind them share their
/// connections. [CallbackServer] calls it on the threads of Jetty. Guarantees that it remembers open connections only.
/// Thread-safe.
///
/// @param <K> connection
final class AddressConnectionLimiter<K> {
    private static final Logger LOG = LoggerFactory.getLogger(AddressConnectionLimiter.class);
    private static final int NETWORK_BYTES = 8;

    private final Map<K, InetAddress> connections = new HashMap<>();
    private final Map<InetAddress, Integer> counts = new HashMap<>();
    private final ListenerStats stats;
    private final WarningThrottle warnings;
    private ClientAddressFilter filter;
    private int limit;

    AddressConnectionLimiter(int limit, ClientAddressFilter filter, ListenerStats stats, WarningThrottle warnings) {
        this.limit = limit;
        this.filter = filter;
        this.stats = stats;
        this.warnings = warnings;
    }

    /// Applies other limits to later connections; open ones stay.
    synchronized void setLimits(int nextLimit, ClientAddressFilter nextFilter) {
        limit = nextLimit;
        filter = nextFilter;
    }

    /// Returns true if the client may open the connection. Then the caller must report its end to [#remove].
    synchronized boolean tryAdd(K connection, InetAddress client) {
        if (filter.isTrustedProxy(client.getHostAddress())) {
            return true;
        }
        var network = network(client);
        var count = counts.getOrDefault(network, 0);
        if (count >= limit) {
            refuse(client);
            return false;
        }
        connections.put(connection, network);
        counts.put(network, count + 1);
        return true;
    }

    /// Records the end of a connection; ignores a connection that was not added.
    synchronized void remove(K connection) {
        var network = connections.remove(connection);
        if (network != null) {
            counts.computeIfPresent(network, (ignored, count) -> count == 1 ? null : count - 1);
        }
    }

    private void refuse(InetAddress client) {
        stats.countRefused(RejectionReason.CONNECTIONS);
        if (warnings.isDue(client.getHostAddress())) {
            LOG.warn(
                    "Client {} has {} connections open, the limit; closing further ones. If it is a proxy, add it to"
                            + " listener.trusted-proxies; if it is Exchange, raise listener.max-connections-per-address",
                    client.getHostAddress(),
                    limit);
        }
    }

    private static InetAddress network(InetAddress client) {
        if (!(client instanceof Inet6Address)) {
            return client;
        }
        try {
            return InetAddress.getByAddress(Arrays.copyOf(Arrays.copyOf(client.getAddress(), NETWORK_BYTES), 16));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("An IPv6 address has 16 bytes.", impossible);
        }
    }
}
