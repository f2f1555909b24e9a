package dev.tidemark.listener;

import java.io.EOFException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// HTTP server of the listener. [CallbackListener] starts it and closes it. It assembles the classes that use
/// Jetty: [ServerIdentity] for TLS, [ConnectionSupervisor] and [HeaderLimitConnectionFactory] for the limits, and
/// the handlers of requests.
final class CallbackServer implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final Server server;
    private final ServerConnector connector;
    private final ConnectionSupervisor connections;

    CallbackServer(
            ListenerConfig config,
            ServerIdentity identity,
            ClientAddressFilter filter,
            CallbackAdmissionPolicy admissionPolicy,
            ListenerLifecycle lifecycle,
            ListenerStats stats) {
        var start = System.nanoTime();
        var deadlines =
                new ConnectionDeadlineTracker<Connection>(config.idleTimeout(), () -> System.nanoTime() - start);
        server = new Server(threads());
        connector = connector(config, identity);
        connector.addBean(new HandshakeFailureListener(new TlsFailures(stats, new WarningThrottle(System::nanoTime))));
        connections = new ConnectionSupervisor(config.connections(), filter, deadlines, connector, stats);
        connections.observe(connector);
        server.addConnector(connector);
        server.setErrorHandler(new ErrorResponder(stats));
        server.setHandler(new Handler.Sequence(
                new HealthHandler(config.healthPath(), lifecycle), new CallbackHandler(admissionPolicy, deadlines)));
    }

    /// Starts to listen.
    ///
    /// @throws ListenerException if the address is taken or belongs to another machine
    CallbackServer start() {
        try {
            server.start();
            return this;
        } catch (Exception e) {
            close();
            throw new ListenerException(
                    "Cannot listen on " + connector.getHost() + ":" + connector.getPort() + " (" + e.getMessage()
                            + "); free it or set listener.bind to another address.",
                    e);
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    /// Returns the open connections and their limits.
    ConnectionSupervisor connections() {
        return connections;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new ListenerException("Cannot stop the listener's server: " + e.getMessage(), e);
        }
    }

    private static QueuedThreadPool threads() {
        var pool = new QueuedThreadPool(Math.max(8, 4 * Runtime.getRuntime().availableProcessors()));
        pool.setName("listener-http");
        return pool;
    }

    private ServerConnector connector(ListenerConfig config, ServerIdentity identity) {
        var factories = identity.connectionFactories(new HeaderLimitConnectionFactory());
        var connector = new ServerConnector(server, 1, 1, factories);
        connector.setHost(config.host());
        connector.setPort(config.port());
        connector.setAcceptQueueSize(BACKLOG);
        connector.setIdleTimeout(config.idleTimeout().toMillis());
        return connector;
    }

    private record HandshakeFailureListener(TlsFailures failures) implements SslHandshakeListener {
        @Override
        public void handshakeFailed(Event event, Throwable failure) {
            failures.record(String.valueOf(event.getEndPoint().getRemoteSocketAddress()), failure);
        }
    }

    /// Responds to requests that Jetty rejects before any handler runs.
    private record ErrorResponder(ListenerStats stats) implements Request.Handler {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            var failure = request.getAttribute(ErrorHandler.ERROR_EXCEPTION);
            if (failure instanceof HttpException && !(failure instanceof EOFException)) {
                stats.countRefused(RejectionReason.PROTOCOL);
            }
            var text = response.getStatus() == HttpStatus.BAD_REQUEST_400 ? "The request is not valid HTTP/1.1.\n" : "";
            Content.Sink.write(response, true, text, callback);
            return true;
        }
    }
}
