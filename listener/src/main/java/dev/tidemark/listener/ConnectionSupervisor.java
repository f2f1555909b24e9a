package dev.tidemark.listener;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectableChannelEndPoint;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.IO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Limits the open connections of the listener, and closes overdue ones. Jetty's threads report each connection;
/// [CallbackListener] checks the deadlines and changes the limits. [ConnectionDeadlineTracker] and
/// [AddressConnectionLimiter] make the decisions. Thread-safe.
final class ConnectionSupervisor {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionSupervisor.class);

    private final ConnectionDeadlineTracker<Connection> deadlines;
    private final Map<SelectableChannel, Connection> open = new ConcurrentHashMap<>();
    private final AddressConnectionLimiter<SelectableChannel> addressLimiter;
    private final TotalConnectionLimit totalLimit;

    ConnectionSupervisor(
            ListenerConfig.MaxConnections limits,
            ClientAddressFilter filter,
            ConnectionDeadlineTracker<Connection> deadlines,
            ServerConnector connector,
            ListenerStats stats) {
        this.deadlines = deadlines;
        addressLimiter = new AddressConnectionLimiter<>(
                limits.ofAddress(), filter, stats, new WarningThrottle(System::nanoTime), this::closeLongestIdle);
        totalLimit = new TotalConnectionLimit(limits.ofAll(), connector);
    }

    /// Makes the connector report its connections. Must be called before it starts.
    void observe(ServerConnector connector) {
        connector.addBean(new ConnectionWatcher());
        connector.addBean(new AcceptGate(addressLimiter));
        connector.addBean(totalLimit);
    }

    /// Returns the number of open connections.
    int count() {
        return totalLimit.getNetworkConnectionCount();
    }

    /// Applies other limits to later connections.
    void setLimits(ListenerConfig.MaxConnections limits, ClientAddressFilter filter) {
        addressLimiter.setLimits(limits.ofAddress(), filter);
        totalLimit.setMaxNetworkConnectionCount(limits.ofAll());
    }

    /// Closes connections that missed their deadline. Called periodically.
    void closeOverdue() {
        deadlines.expired().forEach(this::close);
    }

    private Optional<SelectableChannel> closeLongestIdle(Collection<SelectableChannel> channels) {
        var idle = deadlines.longestIdle(channels.stream()
                .flatMap(channel -> Optional.ofNullable(open.get(channel)).stream())
                .toList());
        idle.ifPresent(this::close);
        return idle.flatMap(ConnectionSupervisor::channelOf);
    }

    private void close(Connection connection) {
        deadlines.remove(connection);
        connection.getEndPoint().close();
    }

    /// Returns the socket of a connection, which is below its TLS.
    private static Optional<SelectableChannel> channelOf(Connection connection) {
        var endPoint = connection.getEndPoint();
        while (endPoint instanceof EndPoint.Wrapper outer) {
            endPoint = outer.unwrap();
        }
        return endPoint instanceof SelectableChannelEndPoint socket
                ? Optional.of(socket.getChannel())
                : Optional.empty();
    }

    /// Gives every connection its deadline. TLS has two connections on one socket; the inner one counts.
    private final class ConnectionWatcher implements Connection.Listener {
        @Override
        public void onOpened(Connection connection) {
            if (!(connection instanceof SslConnection)) {
                deadlines.add(connection);
                channelOf(connection).ifPresent(channel -> open.put(channel, connection));
            }
        }

        @Override
        public void onClosed(Connection connection) {
            deadlines.remove(connection);
            channelOf(connection).ifPresent(channel -> open.remove(channel, connection));
        }
    }

    /// Closes a new connection of a client that has too many. Jetty then reports that it failed to accept it.
    private record AcceptGate(AddressConnectionLimiter<SelectableChannel> limiter)
            implements SelectorManager.AcceptListener {
        @Override
        public void onAccepting(SelectableChannel channel) {
            if (channel instanceof SocketChannel client
                    && !limiter.tryAdd(channel, client.socket().getInetAddress())) {
                IO.close(client);
            }
        }

        @Override
        public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
            limiter.remove(channel);
        }

        @Override
        public void onClosed(SelectableChannel channel) {
            limiter.remove(channel);
        }
    }

    /// Stops accepting while all connections are in use. New clients wait in the system's backlog until a connection
    /// ends, at the latest after the idle timeout of a slow client.
    private static final class TotalConnectionLimit extends NetworkConnectionLimit {
        private final WarningThrottle warnings = new WarningThrottle(System::nanoTime);

        TotalConnectionLimit(int max, Connector connector) {
            super(max, connector);
        }

        @Override
        protected void limit() {
            super.limit();
            if (warnings.isDue("total")) {
                LOG.warn(
                        "All {} connections of the listener are in use; new clients wait. Restrict it to Exchange and"
                                + " proxies by a firewall, or raise listener.max-connections",
                        getMaxNetworkConnectionCount());
            }
        }
    }
}
