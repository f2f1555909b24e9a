package dev.tidemark.listener;

import java.io.EOFException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLParameters;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.io.SelectableChannelEndPoint;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// HTTP server of the listener, and the only class that uses Jetty. [CallbackListener] starts it and closes it.
/// Jetty's threads read the available bytes of a body; the acknowledging thread sends responses. No method on
/// these threads blocks. The class is long because all Jetty code is here. [CallbackAdmissionPolicy],
/// [CallbackBodyReader] and [ConnectionDeadlineTracker] make the decisions.
final class CallbackServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallbackServer.class);
    private static final Invocable.InvocationType NON_BLOCKING = Invocable.InvocationType.NON_BLOCKING;
    /// Leaves room for headers that proxies add: Envoy forwards the whole certificate chain of a client.
    private static final int MAX_HEADER_BYTES = 32 * 1024;

    /// Limits the headers and trailers of a request. A header of a few bytes takes more than a hundred in memory, so
    /// the limit of bytes alone would let a request without a token take a megabyte.
    private static final int MAX_HEADERS = 200;

    private static final int BACKLOG = 1024;

    /// Groups for the key exchange, and curves of the certificate's key. Each Windows version below Exchange 2013
    /// or later has one of them. Without this limit, a client could choose a finite field of 8192 bits.
    static final List<String> NAMED_GROUPS = List.of("x25519", "secp256r1", "secp384r1", "secp521r1");

    /// Cipher suites with a key exchange in a finite field, which takes several times as long as the others.
    private static final String FINITE_FIELDS = "^TLS_DHE_.*$";

    /// Accepts any Host, because only the path routes. A proxy may leave Host empty, name itself there, or send
    /// an absolute target, which overrides Host (RFC 9112, section 3.2.2).
    private static final HttpCompliance ANY_HOST = HttpCompliance.RFC9110.with(
            "any-host", HttpCompliance.Violation.UNSAFE_HOST_HEADER, HttpCompliance.Violation.MISMATCHED_AUTHORITY);

    /// Limits the bytes of a refused body that are read and discarded after the response. Closing a connection
    /// with unread bytes makes TCP reset it, and the response may be lost.
    private static final long MAX_DISCARDED_BYTES = 16L * 1024 * 1024;

    private static final Duration LINGER = Duration.ofSeconds(2);

    private final Server server;
    private final ServerConnector connector;
    private final SslContextFactory.Server tls = new CheapHandshakes();
    private final ConnectionDeadlineTracker<Connection> deadlines;
    private final Map<SelectableChannel, Connection> open = new ConcurrentHashMap<>();
    private final AddressConnectionLimiter<SelectableChannel> addressLimiter;
    private final TotalConnectionLimit totalLimit;
    private final Duration idleTimeout;
    private volatile Optional<PemFileWatcher> pem;
    /// written by one thread at a time
    private volatile Optional<PemIdentity> identity = Optional.empty();

    CallbackServer(
            ListenerConfig config,
            ClientAddressFilter filter,
            CallbackAdmissionPolicy admissionPolicy,
            ListenerLifecycle lifecycle,
            ListenerStats stats) {
        var start = System.nanoTime();
        deadlines = new ConnectionDeadlineTracker<>(() -> System.nanoTime() - start);
        idleTimeout = config.idleTimeout();
        pem = config.tls().map(PemFileWatcher::new);
        server = new Server(threads());
        connector = connector(config);
        connector.addBean(new HandshakeFailureListener(new TlsFailures(stats, new WarningThrottle(System::nanoTime))));
        addressLimiter = new AddressConnectionLimiter<>(
                config.connections().ofAddress(),
                filter,
                stats,
                new WarningThrottle(System::nanoTime),
                this::closeLongestIdle);
        connector.addBean(new AcceptGate(addressLimiter));
        totalLimit = new TotalConnectionLimit(config.connections().ofAll(), connector);
        connector.addBean(totalLimit);
        server.addConnector(connector);
        server.setErrorHandler(new ErrorResponder(stats));
        server.setHandler(new Handler.Sequence(
                new HealthHandler(config.healthPath(), lifecycle), new CallbackHandler(admissionPolicy)));
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

    int connections() {
        return totalLimit.getNetworkConnectionCount();
    }

    /// Applies other limits to later connections.
    void setLimits(ListenerConfig.MaxConnections limits, ClientAddressFilter filter) {
        addressLimiter.setLimits(limits.ofAddress(), filter);
        totalLimit.setMaxNetworkConnectionCount(limits.ofAll());
    }

    /// Closes connections that missed their deadline. Called periodically.
    void closeOverdue() {
        deadlines.expired().forEach(connection -> {
            deadlines.remove(connection);
            connection.getEndPoint().close();
        });
    }

    private Optional<SelectableChannel> closeLongestIdle(Collection<SelectableChannel> channels) {
        var idle = deadlines.longestIdle(channels.stream()
                .flatMap(channel -> Optional.ofNullable(open.get(channel)).stream())
                .toList());
        idle.ifPresent(connection -> {
            deadlines.remove(connection);
            connection.getEndPoint().close();
        });
        return idle.flatMap(CallbackServer::channelOf);
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

    /// Reads the certificate of other settings, which also use TLS or also do not. Returns the action that uses it for
    /// new connections.
    ///
    /// @throws ListenerException if the certificate cannot be used
    Runnable prepareIdentity(Optional<ListenerConfig.Tls> files) {
        if (files.isEmpty()) {
            return () -> {};
        }
        var watcher = new PemFileWatcher(files.get());
        var loaded = PemIdentity.load(files.get());
        return () -> {
            pem = Optional.of(watcher);
            installIdentity(loaded);
        };
    }

    /// Uses a changed certificate for new connections. A certificate that cannot be read changes nothing.
    void reloadIdentity() {
        pem.flatMap(PemFileWatcher::loadIfChanged).ifPresent(this::installIdentity);
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

    private ServerConnector connector(ListenerConfig config) {
        var http = new CountingConnectionFactory(httpConfiguration());
        var connector = new ServerConnector(server, 1, 1, factories(config, http));
        connector.setHost(config.host());
        connector.setPort(config.port());
        connector.setAcceptQueueSize(BACKLOG);
        connector.setIdleTimeout(idleTimeout.toMillis());
        connector.addBean(new ConnectionWatcher());
        return connector;
    }

    private ConnectionFactory[] factories(ListenerConfig config, HttpConnectionFactory http) {
        if (config.tls().isEmpty()) {
            return new ConnectionFactory[] {http};
        }
        var loaded = PemIdentity.load(config.tls().get());
        identity = Optional.of(loaded);
        configure(tls, loaded);
        var ssl = new SslConnectionFactory(tls, http.getProtocol());
        // otherwise Jetty refuses a host that the certificate does not name, as behind a balancer
        ssl.setEnsureSecureRequestCustomizer(false);
        return new ConnectionFactory[] {ssl, http};
    }

    private synchronized void installIdentity(PemIdentity next) {
        if (identity.filter(next::isSameCertificate).isPresent()) {
            return;
        }
        try {
            tls.reload(factory -> configure((SslContextFactory.Server) factory, next));
            identity = Optional.of(next);
            LOG.info("Loaded the changed certificate for new connections");
        } catch (Exception e) {
            throw new ListenerException("Cannot use the new certificate: " + e.getMessage(), e);
        }
    }

    private static void configure(SslContextFactory.Server factory, PemIdentity identity) {
        factory.setKeyStore(identity.keyStore());
        factory.setKeyStorePassword(identity.password());
    }

    private static HttpConfiguration httpConfiguration() {
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        // paths are compared as sent, so an ambiguous path is simply unknown
        http.setUriCompliance(UriCompliance.UNSAFE);
        http.setHttpCompliance(ANY_HOST);
        return http;
    }

    /// Refuses key exchanges in finite fields, because a client could choose an expensive one.
    private static final class CheapHandshakes extends SslContextFactory.Server {
        CheapHandshakes() {
            addExcludeCipherSuites(FINITE_FIELDS);
        }

        @Override
        public SSLParameters customize(SSLParameters parameters) {
            var customized = super.customize(parameters);
            customized.setNamedGroups(NAMED_GROUPS.toArray(String[]::new));
            return customized;
        }
    }

    /// Gives every connection its deadline. TLS has two connections on one socket; the inner one counts.
    private final class ConnectionWatcher implements Connection.Listener {
        @Override
        public void onOpened(Connection connection) {
            if (!(connection instanceof SslConnection)) {
                deadlines.add(connection, idleTimeout);
                channelOf(connection).ifPresent(channel -> open.put(channel, connection));
            }
        }

        @Override
        public void onClosed(Connection connection) {
            deadlines.remove(connection);
            channelOf(connection).ifPresent(channel -> open.remove(channel, connection));
        }
    }

    private static final class CountingConnectionFactory extends HttpConnectionFactory {
        CountingConnectionFactory(HttpConfiguration config) {
            super(config);
        }

        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            return configure(new CountingConnection(getHttpConfiguration(), connector, endPoint), connector, endPoint);
        }
    }

    /// Rejects requests with more than [#MAX_HEADERS] headers. Jetty limits their bytes only.
    private static final class CountingConnection extends HttpConnection {
        CountingConnection(HttpConfiguration config, Connector connector, EndPoint endPoint) {
            super(config, connector, endPoint);
        }

        @Override
        protected RequestHandler newRequestHandler() {
            return new RequestHandler() {
                private int count;

                @Override
                public void messageBegin() {
                    count = 0;
                    super.messageBegin();
                }

                @Override
                public void parsedHeader(HttpField field) {
                    requireFew();
                    super.parsedHeader(field);
                }

                @Override
                public void parsedTrailer(HttpField field) {
                    requireFew();
                    super.parsedTrailer(field);
                }

                private void requireFew() {
                    if (++count > MAX_HEADERS) {
                        throw new HttpException.RuntimeException(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431);
                    }
                }
            };
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

    private record HandshakeFailureListener(TlsFailures failures) implements SslHandshakeListener {
        @Override
        public void handshakeFailed(Event event, Throwable failure) {
            failures.record(String.valueOf(event.getEndPoint().getRemoteSocketAddress()), failure);
        }
    }

    /// Responds to requests that Jetty rejects before any handler runs.
    private static final class ErrorResponder implements Request.Handler {
        private final ListenerStats stats;

        ErrorResponder(ListenerStats stats) {
            this.stats = stats;
        }

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

    /// Serves the health path. Accepts OPTIONS as well, because some load balancers use it by default (HAProxy,
    /// `option httpchk`).
    private static final class HealthHandler extends Handler.Abstract.NonBlocking {
        private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS");

        private final String path;
        private final ListenerLifecycle lifecycle;

        HealthHandler(String path, ListenerLifecycle lifecycle) {
            this.path = path;
            this.lifecycle = lifecycle;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (!METHODS.contains(request.getMethod())
                    || !path.equals(request.getHttpURI().getPath())) {
                return false;
            }
            if (request.getMethod().equals("OPTIONS")) {
                response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD, OPTIONS");
            }
            send(
                    response,
                    lifecycle.isHealthy() ? CallbackResponse.text(200, "ok") : CallbackResponse.text(503, "stopping"),
                    callback);
            return true;
        }
    }

    private final class CallbackHandler extends Handler.Abstract.NonBlocking {
        private final CallbackAdmissionPolicy admissionPolicy;

        CallbackHandler(CallbackAdmissionPolicy admissionPolicy) {
            this.admissionPolicy = admissionPolicy;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            var transaction = new HttpTransaction(request, response, callback);
            switch (admissionPolicy.evaluate(head(request))) {
                case CallbackAdmissionPolicy.AdmissionResult.Rejected rejected ->
                    transaction.reject(rejected.response());
                case CallbackAdmissionPolicy.AdmissionResult.Accepted accepted ->
                    transaction.startReading(accepted.bodyReader());
            }
            return true;
        }
    }

    /// Handles one request and its response.
    private final class HttpTransaction implements PendingResponse.ResponseSender {
        private final Request request;
        private final Response response;
        private final Callback callback;
        private final Connection connection;
        private long discarded;

        HttpTransaction(Request request, Response response, Callback callback) {
            this.request = request;
            this.response = response;
            this.callback = callback;
            connection = request.getConnectionMetaData().getConnection();
        }

        void startReading(CallbackBodyReader bodyReader) {
            deadlines.extend(connection, idleTimeout);
            read(bodyReader);
        }

        private void read(CallbackBodyReader bodyReader) {
            for (var chunk = request.read(); chunk != null; chunk = request.read()) {
                if (Content.Chunk.isFailure(chunk)) {
                    bodyReader.abandon();
                    abort(chunk.getFailure());
                    return;
                }
                var last = chunk.isLast();
                var rejection = bodyReader.append(chunk.getByteBuffer());
                chunk.release();
                if (rejection.isPresent()) {
                    reject(rejection.get());
                    return;
                }
                if (last) {
                    awaitResponse(bodyReader);
                    return;
                }
            }
            request.demand(task(() -> read(bodyReader)));
        }

        /// Hands over the complete body. Suspends the deadline while the store works, because that is no idle
        /// time of the client.
        private void awaitResponse(CallbackBodyReader bodyReader) {
            deadlines.suspend(connection);
            request.addIdleTimeoutListener(ignored -> false);
            bodyReader.complete(this);
        }

        @Override
        public void send(CallbackResponse callbackResponse, Runnable onSent) {
            var end = completion(onSent);
            try {
                CallbackServer.send(response, callbackResponse, end);
            } catch (RuntimeException e) {
                end.failed(e);
            }
        }

        /// Sends a response before the body is read completely.
        void reject(CallbackResponse callbackResponse) {
            if (!hasBody()) {
                send(callbackResponse, Invocable.NOOP);
                return;
            }
            deadlines.extend(connection, LINGER);
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            CallbackServer.send(
                    response, callbackResponse, Callback.from(NON_BLOCKING, this::discard, this::onSendFailed));
        }

        private void discard() {
            for (var chunk = request.read(); chunk != null; chunk = request.read()) {
                discarded += chunk.remaining();
                var end = chunk.isLast() || Content.Chunk.isFailure(chunk) || discarded > MAX_DISCARDED_BYTES;
                chunk.release();
                if (end) {
                    callback.succeeded();
                    return;
                }
            }
            request.demand(task(this::discard));
        }

        private boolean hasBody() {
            return request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        }

        private Callback completion(Runnable onSent) {
            return Callback.from(
                    NON_BLOCKING,
                    () -> {
                        onSent.run();
                        deadlines.extend(connection, idleTimeout);
                        callback.succeeded();
                    },
                    failure -> {
                        onSent.run();
                        onSendFailed(failure);
                    });
        }

        /// Drops a response that could not be sent. Exchange sends the callback again, and the store recognizes
        /// it.
        private void onSendFailed(Throwable failure) {
            callback.failed(new QuietException.Exception("The client did not read its response.", failure));
        }

        private void abort(Throwable failure) {
            connection.getEndPoint().close();
            callback.failed(new QuietException.Exception("The client did not send its body.", failure));
        }
    }

    private static Invocable.Task task(Runnable work) {
        return Invocable.from(NON_BLOCKING, work);
    }

    private static void send(Response response, CallbackResponse callbackResponse, Callback callback) {
        response.setStatus(callbackResponse.status());
        callbackResponse.headers().forEach(response.getHeaders()::put);
        var body = callbackResponse.body();
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
        response.write(true, body, callback);
    }

    private static RequestHead head(Request request) {
        var headers = request.getHeaders();
        return new RequestHead(
                request.getMethod(),
                Optional.ofNullable(request.getHttpURI().getPath()).orElse(""),
                Request.getRemoteAddr(request),
                headers.getValuesList("X-Forwarded-For"),
                Optional.ofNullable(headers.get(HttpHeader.CONTENT_TYPE)),
                Optional.ofNullable(headers.get(HttpHeader.CONTENT_ENCODING)),
                request.getLength());
    }
}
