package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.admin.AdminRequest.BodyText;
import dev.tidemark.daemon.admin.access.AccessScope;
import dev.tidemark.daemon.admin.stream.StreamedBody;
import dev.tidemark.daemon.config.TidemarkConfig.AdminSection;
import dev.tidemark.listener.PemFileWatcher;
import dev.tidemark.listener.PemIdentity;
import dev.tidemark.listener.jetty.SerialHttpConnectionFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// HTTP server of the admin API. No other class of the admin API uses Jetty. Each request has its own virtual
/// thread, because a request that waits for events may take up to an hour.
public final class AdminServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final long IDLE_MILLIS = 30_000;
    private static final int MAX_BODY = 64 * 1024;
    private static final Duration BODY_LIMIT = Duration.ofSeconds(30);

    /// Limits the threads and memory that callers without a token can take. A reader that waits for events holds one.
    private static final int MAX_CONNECTIONS = 1000;

    /// Limits the bytes of responses that the kernel buffers for a client that reads nothing; Linux doubles the value.
    /// Its own limit is some megabytes for each connection, and the daemon would render as much.
    private static final int SEND_BUFFER = 128 * 1024;

    /// A mailbox address may hold a slash or a percent sign. The router decodes each part of a path separately, so
    /// an encoded slash separates nothing.
    private static final UriCompliance ENCODED_PARTS = UriCompliance.DEFAULT.with(
            "encoded-parts", Violation.AMBIGUOUS_PATH_SEPARATOR, Violation.AMBIGUOUS_PATH_ENCODING);

    private static final long CERTIFICATE_CHECK_SECONDS = 5;

    private final Server server;
    private final ServerConnector connector;
    private final SslContextFactory.Server tls = new SslContextFactory.Server();

    private AdminServer(AdminSection config, AdminRouter router) {
        var threads = new VirtualThreadPool();
        threads.setName("admin");
        server = new Server(threads);
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setUriCompliance(ENCODED_PARTS);
        connector = new ServerConnector(server, 1, 1, factories(config, new SerialHttpConnectionFactory(http)));
        connector.setHost(config.bind().host());
        connector.setPort(config.bind().port());
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.setAcceptedSendBufferSize(SEND_BUFFER);
        server.addConnector(connector);
        connector.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, connector));
        server.setHandler(new RoutingHandler(new CrossOriginFilter(config.onLoopback(), config.publicHost()), router));
        server.setErrorHandler(new ProblemResponseHandler());
    }

    private ConnectionFactory[] factories(AdminSection config, SerialHttpConnectionFactory http) {
        if (config.tls().isEmpty()) {
            return new ConnectionFactory[] {http};
        }
        install(tls, PemIdentity.load(config.tls().get()));
        var ssl = new SslConnectionFactory(tls, http.getProtocol());
        // otherwise Jetty refuses a host that the certificate does not name, as behind a balancer
        ssl.setEnsureSecureRequestCustomizer(false);
        return new ConnectionFactory[] {ssl, http};
    }

    private static void install(SslContextFactory.Server factory, PemIdentity identity) {
        factory.setKeyStore(identity.keyStore());
        factory.setKeyStorePassword(identity.password());
    }

    /// Uses a changed certificate for new connections, and schedules the next check even after a failure.
    private void refreshCertificate(PemFileWatcher files) {
        try {
            var changed = files.loadIfChanged();
            if (changed.isPresent()) {
                tls.reload(factory -> install((SslContextFactory.Server) factory, changed.get()));
                LOG.info("Loaded the changed certificate of the admin API for new connections");
            }
        } catch (Exception unusable) {
            LOG.warn("Keeping the current certificate of the admin API: {}", unusable.getMessage());
        }
        var ignored = connector
                .getScheduler()
                .schedule(() -> refreshCertificate(files), CERTIFICATE_CHECK_SECONDS, TimeUnit.SECONDS);
    }

    /// Starts the server.
    ///
    /// @throws UnreachableException if the address cannot be bound
    /// @throws dev.tidemark.listener.ListenerException if the certificate cannot be used
    public static AdminServer start(AdminSection config, AdminRouter router) {
        var bind = config.bind();
        var admin = new AdminServer(config, router);
        try {
            admin.server.start();
            config.tls().map(PemFileWatcher::new).ifPresent(admin::refreshCertificate);
            return admin;
        } catch (IOException taken) {
            admin.close();
            throw new UnreachableException(
                    "The admin API cannot listen on " + bind + ": " + taken.getMessage()
                            + "; stop the process that uses the port, or change admin.bind.",
                    taken);
        } catch (Exception broken) {
            admin.close();
            throw new IllegalStateException("The admin API did not start on " + bind + ".", broken);
        }
    }

    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception broken) {
            throw new IllegalStateException("The admin API did not stop.", broken);
        }
    }

    private static AdminReply rejection(int status) {
        return AdminReply.problem(
                status, "bad-request", "the request is not one that HTTP allows here; check its address and headers");
    }

    private static AdminReply tooLong() {
        return AdminReply.problem(
                413,
                "bad-request",
                "the body is longer than " + MAX_BODY + " bytes; send the fields of this route only");
    }

    private static void write(AdminReply reply, Request request, Response response, Callback callback) {
        response.setStatus(reply.status());
        var headers = response.getHeaders();
        headers.put(HttpHeader.CONTENT_TYPE, reply.contentType());
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
        reply.headers().forEach(headers::put);
        if (reply.stream().isPresent()) {
            stream(reply.stream().get(), request, response, callback);
            return;
        }
        var body = reply.body().getBytes(StandardCharsets.UTF_8);
        headers.put(HttpHeader.CONTENT_LENGTH, body.length);
        var sent = request.getMethod().equals("HEAD") ? ByteBuffer.allocate(0) : ByteBuffer.wrap(body);
        response.write(true, sent, callback);
    }

    /// Writes a stream on the thread of the request. A client that reads nothing for [#IDLE_MILLIS] loses its
    /// connection.
    private static void stream(StreamedBody body, Request request, Response response, Callback callback) {
        try (body) {
            if (!request.getMethod().equals("HEAD")) {
                body.writeTo(text ->
                        Content.Sink.write(response, false, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
            }
            response.write(true, ByteBuffer.allocate(0), callback);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            response.write(true, ByteBuffer.allocate(0), callback);
        } catch (IOException gone) {
            LOG.debug("The client of a stream left", gone);
            callback.failed(new QuietException.Exception("The client of a stream left.", gone));
        } catch (RuntimeException broken) {
            LOG.warn("A stream of events ended; its client resumes it with Last-Event-ID", broken);
            callback.failed(new QuietException.Exception("The stream failed.", broken));
        }
    }

    /// Responds to the errors that Jetty finds before any handler runs.
    private static final class ProblemResponseHandler implements Request.Handler {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            write(rejection(response.getStatus()), request, response, callback);
            return true;
        }
    }

    private static final class RoutingHandler extends Handler.Abstract {
        private final CrossOriginFilter filter;
        private final AdminRouter router;

        RoutingHandler(CrossOriginFilter filter, AdminRouter router) {
            this.filter = filter;
            this.router = router;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            var body = new RequestBody(request);
            request.addIdleTimeoutListener(idle -> body.isBeingRead());
            write(reply(request, body), request, response, callback);
            return true;
        }

        private AdminReply reply(Request request, RequestBody body) {
            try {
                var adminRequest = adminRequest(request, body);
                var rejection = filter.rejection(adminRequest);
                return rejection.isPresent() ? rejection.get() : router.handle(adminRequest);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                return AdminReply.problem(503, "stopping", "the daemon stops");
            } catch (RuntimeException broken) {
                if (broken instanceof HttpException unreadable) {
                    return rejection(unreadable.getCode());
                }
                LOG.warn(
                        "{} {} failed",
                        request.getMethod(),
                        request.getHttpURI().getPath(),
                        broken);
                return AdminReply.problem(500, "internal-error", "the request failed; the log shows the cause");
            }
        }

        private static AdminRequest adminRequest(Request request, RequestBody body) {
            return new AdminRequest(
                    request.getMethod(),
                    path(request),
                    query(request),
                    Map.of(),
                    headers(request),
                    Request.getRemoteAddr(request),
                    body,
                    AccessScope.ALL,
                    () -> true);
        }

        private static Map<String, String> headers(Request request) {
            var result = new LinkedHashMap<String, String>();
            request.getHeaders()
                    .forEach(field -> result.putIfAbsent(
                            field.getLowerCaseName(),
                            Optional.ofNullable(field.getValue()).orElse("")));
            return result;
        }

        /// Returns the path, still encoded; the root if there is none, as in `GET http://localhost`.
        private static String path(Request request) {
            return Optional.ofNullable(request.getHttpURI().getPath())
                    .filter(path -> !path.isEmpty())
                    .orElse("/");
        }

        private static Map<String, String> query(Request request) {
            var result = new LinkedHashMap<String, String>();
            Request.extractQueryParameters(request)
                    .forEach(field -> result.putIfAbsent(field.getName(), field.getValue()));
            return result;
        }
    }

    /// Body of a request. Only an admitted caller makes the daemon read it, within a time limit. Used by the thread of
    /// the request; any thread may ask whether it is being read.
    private static final class RequestBody implements Supplier<BodyText> {
        private final Request request;
        private Optional<BodyText> text = Optional.empty();
        private volatile boolean isBeingRead;

        RequestBody(Request request) {
            this.request = request;
        }

        boolean isBeingRead() {
            return isBeingRead;
        }

        @Override
        public BodyText get() {
            if (text.isEmpty()) {
                text = Optional.of(read());
            }
            return text.get();
        }

        private BodyText read() {
            try {
                return readStart();
            } catch (HttpException.RuntimeException unreadable) {
                return new BodyText("", Optional.of(rejection(unreadable.getCode())));
            }
        }

        /// Reads at most as much of the body as any route needs.
        private BodyText readStart() {
            isBeingRead = true;
            var end = System.nanoTime() + BODY_LIMIT.toNanos();
            try (var content = Request.asInputStream(request)) {
                var all = new ByteArrayOutputStream();
                var part = new byte[MAX_BODY];
                for (var count = content.read(part); count >= 0; count = content.read(part)) {
                    all.write(part, 0, Math.min(count, MAX_BODY + 1 - all.size()));
                    if (all.size() > MAX_BODY || System.nanoTime() > end) {
                        break;
                    }
                }
                if (System.nanoTime() > end) {
                    throw new HttpException.RuntimeException(408);
                }
                return new BodyText(
                        all.toString(StandardCharsets.UTF_8),
                        all.size() <= MAX_BODY ? Optional.empty() : Optional.of(tooLong()));
            } catch (IOException gone) {
                throw new HttpException.RuntimeException(400, gone);
            } finally {
                isBeingRead = false;
            }
        }
    }
}
