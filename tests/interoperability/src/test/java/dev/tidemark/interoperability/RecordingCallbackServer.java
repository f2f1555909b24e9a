package dev.tidemark.interoperability;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.ews.codec.NotificationCodec;
import dev.tidemark.ews.message.SubscriptionStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Accepts callbacks, answers OK, and records them by the last part of the path. Thread-safe.
final class RecordingCallbackServer implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, List<byte[]>> bodies = new ConcurrentHashMap<>();
    private final NotificationCodec codec = new NotificationCodec();

    private RecordingCallbackServer(HttpServer server) {
        this.server = server;
        server.createContext("/", this::record);
        server.start();
    }

    static RecordingCallbackServer start() {
        try {
            return new RecordingCallbackServer(
                    HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI url(String name) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + name);
    }

    List<byte[]> bodies(String name) {
        return bodies.getOrDefault(name, List.of());
    }

    private void record(HttpExchange exchange) throws IOException {
        try (exchange) {
            var name = exchange.getRequestURI().getPath().substring(1);
            bodies.computeIfAbsent(name, ignored -> new CopyOnWriteArrayList<>())
                    .add(exchange.getRequestBody().readAllBytes());
            var reply = codec.encode(SubscriptionStatus.OK);
            exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
            exchange.sendResponseHeaders(200, reply.length);
            exchange.getResponseBody().write(reply);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
