package dev.tidemark.listener;

import java.io.EOFException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP server, and the only class that knows which one it is. Nothing here blocks: bodies are read when they
/// are there, and answers are sent by whoever has them. It is long for a class of this house because all of Jetty
/// stays in it; what it decides is decided in [CallbackAdmissionPolicy], [CallbackBodyReader] and
/// [ConnectionDeadlineTracker].
final class CallbackServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallbackServer.class);
    private static final Invocable.InvocationType NON_BLOCKING = Invocable.InvocationType.NON_BLOCKING;
    /// Proxies add headers: Envoy passes on a client's whole chain of certificates.
    private static final int MAX_HEADER_BYTES = 32 * 1024;
    private static final int BACKLOG = 1024;

    /// Routes by the path alone. A proxy may leave Host empty, name itself there, or send an absolute target,
    /// beside which Host does not count (RFC 9112, section 3.2.2).
    private static final HttpCompliance ANY_HOST = HttpCompliance.RFC9110.with(
            "any-host", HttpCompliance.Violation.UNSAFE_HOST_HEADER, HttpCompliance.Violation.MISMATCHED_AUTHORITY);

    /// How much, and for how long, of a refused body is read and thrown away after the answer: closing a
    /// connection with unread bytes makes TCP reset it, and the answer may be lost with it.
    private static final long MAX_DISCARDED_BYTES = 16L * 1024 * 1024;

    private static final Duration LINGER = Duration.ofSeconds(2);

    private final Server server;
    private final ServerConnector connector;
    private final Optional<PemFileWatcher> pem;
    private final SslContextFactory.Server tls = new SslContextFactory.Server();
    private final ConnectionDeadlineTracker<Connection> deadlines;
    private final Duration idleTimeout;

    CallbackServer(
            ListenerConfig config, CallbackAdmissionPolicy reception, ListenerLifecycle phase, ListenerStats tally) {
        var start = System.nanoTime();
        deadlines = new ConnectionDeadlineTracker<>(() -> System.nanoTime() - start);
        idleTimeout = config.idleTimeout();
        pem = config.tls().map(PemFileWatcher::new);
        server = new Server(threads());
        connector = connector(config);
        connector.addBean(new HandshakeFailureListener(new TlsFailures(tally, System::nanoTime)));
        server.addConnector(connector);
        server.setErrorHandler(new ErrorResponder(tally));
        server.setHandler(new Handler.Sequence(new HealthHandler(config.healthPath(), phase), new CallbackHandler(reception)));
    }

    /// @throws ListenerException if the address is taken or not ours
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

    /// Closes connections that did not come on in time. To be called now and then.
    void closeOverdue() {
        deadlines.expired().forEach(connection -> {
            deadlines.remove(connection);
            connection.getEndPoint().close();
        });
    }

    /// Takes a changed certificate for connections from now on; one that cannot be read changes nothing.
    void reloadIdentity() {
        pem.flatMap(PemFileWatcher::loadIfChanged).ifPresent(this::installIdentity);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new ListenerException("The listener's server did not stop in order: " + e.getMessage(), e);
        }
    }

    private static QueuedThreadPool threads() {
        var pool = new QueuedThreadPool(Math.max(8, 4 * Runtime.getRuntime().availableProcessors()));
        pool.setName("listener-http");
        return pool;
    }

    private ServerConnector connector(ListenerConfig config) {
        var http = new HttpConnectionFactory(httpConfiguration());
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
        configure(tls, PemIdentity.load(config.tls().get()));
        return new ConnectionFactory[] {new SslConnectionFactory(tls, http.getProtocol()), http};
    }

    private void installIdentity(PemIdentity fresh) {
        try {
            tls.reload(factory -> configure((SslContextFactory.Server) factory, fresh));
            LOG.info("New connections get the changed certificate.");
        } catch (Exception e) {
            throw new ListenerException("The new certificate cannot be used: " + e.getMessage(), e);
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
        // paths are compared as they were sent, so an ambiguous one is just one that is not ours
        http.setUriCompliance(UriCompliance.UNSAFE);
        http.setHttpCompliance(ANY_HOST);
        return http;
    }

    /// Gives every connection its deadline; TLS has two of them on one socket, and the inner one counts.
    private final class ConnectionWatcher implements Connection.Listener {
        @Override
        public void onOpened(Connection connection) {
            if (!(connection instanceof SslConnection)) {
                deadlines.add(connection, idleTimeout);
            }
        }

        @Override
        public void onClosed(Connection connection) {
            deadlines.remove(connection);
        }
    }

    private record HandshakeFailureListener(TlsFailures failures) implements SslHandshakeListener {
        @Override
        public void handshakeFailed(Event event, Throwable failure) {
            failures.record(String.valueOf(event.getEndPoint().getRemoteSocketAddress()), failure);
        }
    }

    /// What the server itself objects to, before any handler sees it.
    private static final class ErrorResponder implements Request.Handler {
        private final ListenerStats stats;

        ErrorResponder(ListenerStats tally) {
            this.stats = tally;
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

    /// Some load balancers use OPTIONS by default (HAProxy, `option httpchk`), so that counts as well.
    private static final class HealthHandler extends Handler.Abstract.NonBlocking {
        private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS");

        private final String path;
        private final ListenerLifecycle lifecycle;

        HealthHandler(String path, ListenerLifecycle phase) {
            this.path = path;
            this.lifecycle = phase;
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

        CallbackHandler(CallbackAdmissionPolicy reception) {
            this.admissionPolicy = reception;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            var conversation = new HttpTransaction(request, response, callback);
            switch (admissionPolicy.evaluate(head(request))) {
                case CallbackAdmissionPolicy.AdmissionResult.Rejected refused -> conversation.reject(refused.answer());
                case CallbackAdmissionPolicy.AdmissionResult.Accepted admitted ->
                    conversation.startReading(admitted.incoming());
            }
            return true;
        }
    }

    /// One request and its answer.
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

        void startReading(CallbackBodyReader incoming) {
            deadlines.extend(connection, idleTimeout);
            read(incoming);
        }

        private void read(CallbackBodyReader incoming) {
            for (var chunk = request.read(); chunk != null; chunk = request.read()) {
                if (Content.Chunk.isFailure(chunk)) {
                    incoming.abandon();
                    abort(chunk.getFailure());
                    return;
                }
                var last = chunk.isLast();
                var objection = incoming.append(chunk.getByteBuffer());
                chunk.release();
                if (objection.isPresent()) {
                    reject(objection.get());
                    return;
                }
                if (last) {
                    awaitResponse(incoming);
                    return;
                }
            }
            request.demand(task(() -> read(incoming)));
        }

        /// The body is here; the store may take its time, which is no idleness of the client.
        private void awaitResponse(CallbackBodyReader incoming) {
            deadlines.suspend(connection);
            request.addIdleTimeoutListener(ignored -> false);
            incoming.complete(this);
        }

        @Override
        public void send(CallbackResponse answer, Runnable sent) {
            var end = completion(sent);
            try {
                CallbackServer.send(response, answer, end);
            } catch (RuntimeException e) {
                end.failed(e);
            }
        }

        /// Answers without having read the body to its end.
        void reject(CallbackResponse answer) {
            if (!hasBody()) {
                send(answer, Invocable.NOOP);
                return;
            }
            deadlines.extend(connection, LINGER);
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            CallbackServer.send(response, answer, Callback.from(NON_BLOCKING, this::discard, this::onSendFailed));
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

        private Callback completion(Runnable sent) {
            return Callback.from(
                    NON_BLOCKING,
                    () -> {
                        sent.run();
                        deadlines.extend(connection, idleTimeout);
                        callback.succeeded();
                    },
                    failure -> {
                        sent.run();
                        onSendFailed(failure);
                    });
        }

        /// Exchange sends the call-back again, and it is recognised then.
        private void onSendFailed(Throwable failure) {
            callback.failed(new QuietException.Exception("The client did not take its answer.", failure));
        }

        private void abort(Throwable failure) {
            connection.getEndPoint().close();
            callback.failed(new QuietException.Exception("The client did not send its body.", failure));
        }
    }

    private static Invocable.Task task(Runnable work) {
        return Invocable.from(NON_BLOCKING, work);
    }

    private static void send(Response response, CallbackResponse answer, Callback callback) {
        response.setStatus(answer.status());
        answer.headers().forEach(response.getHeaders()::put);
        var body = answer.body();
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
