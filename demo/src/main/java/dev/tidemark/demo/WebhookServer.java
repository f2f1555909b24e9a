package dev.tidemark.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// HTTP server for a [WebhookReceiver] on loopback. No other class of this module uses Jetty.
final class WebhookServer implements AutoCloseable {
    private static final int LARGEST_BODY = 16 << 20;

    private final Server server;
    private final ServerConnector connector;

    private WebhookServer(int port, WebhookReceiver receiver) {
        var threads = new QueuedThreadPool();
        threads.setName("webhook-receiver");
        server = new Server(threads);
        connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        server.setHandler(new Deliveries(receiver));
    }

    /// Throws [DemoCommandException] if the port is in use.
    static WebhookServer start(int port, WebhookReceiver receiver) {
        var started = new WebhookServer(port, receiver);
        try {
            started.server.start();
            return started;
        } catch (Exception e) {
            started.close();
            throw new DemoCommandException(
                    4, "The receiver cannot listen on 127.0.0.1:" + port + "; choose a different one with --port.", e);
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new DemoCommandException(1, "The receiver did not stop cleanly: " + e.getMessage(), e);
        }
    }

    private static final class Deliveries extends Handler.Abstract {
        private final WebhookReceiver receiver;

        Deliveries(WebhookReceiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws IOException {
            response.setStatus(status(request));
            callback.succeeded();
            return true;
        }

        private int status(Request request) throws IOException {
            if (!HttpMethod.POST.is(request.getMethod())) {
                return HttpStatus.METHOD_NOT_ALLOWED_405;
            }
            var body = new ByteArrayOutputStream();
            try (var in = Content.Source.asInputStream(request)) {
                body.writeBytes(in.readNBytes(LARGEST_BODY));
            }
            return receiver.receive(name -> header(request.getHeaders(), name), body.toByteArray());
        }

        private static String header(HttpFields headers, String name) {
            var value = headers.get(name);
            return value == null ? "" : value;
        }
    }
}
