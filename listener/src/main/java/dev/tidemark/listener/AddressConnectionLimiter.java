package dev.tidemark.listener;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Limits the open connections of each client address, so that one client cannot take all of them. At the limit, a new
/// connection replaces the one of the address that has waited longest for its client, also within a request, and is
/// refused if none waits. The addresses of an IPv6 network of 64 bits count as one. Trusted proxies are exempt, because
/// the clients behind them share their
/// connections. [ConnectionSupervisor] calls it on the threads of Jetty. Guarantees that it remembers open connections
/// only.
/// Thread-safe.
///
/// @param <K> connection
final class AddressConnectionLimiter<K> {
    private static final Logger LOG = LoggerFactory.getLogger(AddressConnectionLimiter.class);
    private static final int NETWORK_BYTES = 8;

    private final Map<K, InetAddress> connections = new HashMap<>();
    private final Map<InetAddress, Set<K>> byNetwork = new HashMap<>();
    private final IdleCloser<K> idleCloser;
    private final ListenerStats stats;
    private final WarningThrottle warnings;
    private ClientAddressFilter filter;
    private int limit;

    /// Closes the one of some connections that has waited longest for its client, and returns it; empty if none waits.
    interface IdleCloser<K> {
        Optional<K> closeLongestIdle(Collection<K> connections);
    }

    AddressConnectionLimiter(
            int limit,
            ClientAddressFilter filter,
            ListenerStats stats,
            WarningThrottle warnings,
            IdleCloser<K> idleCloser) {
        this.idleCloser = idleCloser;
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
    boolean tryAdd(K connection, InetAddress client) {
        if (isExempt(client) || tryAddWithin(connection, network(client))) {
            return true;
        }
        report(client);
        // without the lock, because closing a connection calls remove
        var closed = idleCloser.closeLongestIdle(connectionsOf(network(client)));
        closed.ifPresent(this::remove);
        return closed.isPresent() && tryAddWithin(connection, network(client));
    }

    private synchronized boolean isExempt(InetAddress client) {
        return filter.isTrustedProxy(client.getHostAddress());
    }

    private synchronized boolean tryAddWithin(K connection, InetAddress network) {
        var open = byNetwork.getOrDefault(network, Set.of()).size();
        if (open >= limit) {
            return false;
        }
        connections.put(connection, network);
        byNetwork.computeIfAbsent(network, ignored -> new HashSet<>()).add(connection);
        return true;
    }

    private synchronized List<K> connectionsOf(InetAddress network) {
        return List.copyOf(byNetwork.getOrDefault(network, Set.of()));
    }

    /// Records the end of a connection; ignores a connection that was not added.
    synchronized void remove(K connection) {
        var network = connections.remove(connection);
        if (network != null) {
            byNetwork.computeIfPresent(network, (ignored, open) -> {
                open.remove(connection);
                return open.isEmpty() ? null : open;
            });
        }
    }

    private synchronized void report(InetAddress client) {
        stats.countRefused(RejectionReason.CONNECTIONS);
        if (warnings.isDue(client.getHostAddress())) {
            LOG.warn(
                    "Client {} reached its limit of {} connections; each new one replaces its longest idle one. If it is a proxy,"
                            + " add it to listener.trusted-proxies; if it is Exchange, raise listener.max-connections-per-address",
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
