package dev.tidemark.authservers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/// HTTP server on loopback that serves only the requests that its guard allows.
public final class GuardedServer implements AutoCloseable {
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    /// Received request: the client's port, the length of the body, and whether it had an Authorization header.
    public record Seen(int port, int length, boolean authorization) {}

    /// Answers a request after its body was read.
    @FunctionalInterface
    public interface Service {
        void serve(HttpExchange exchange, byte[] body) throws IOException;
    }

    private GuardedServer(HttpServer server, RequestGuard guard, Service service) {
        this.server = server;
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            var body = exchange.getRequestBody().readAllBytes();
            seen.add(new Seen(
                    exchange.getRemoteAddress().getPort(),
                    body.length,
                    exchange.getRequestHeaders().containsKey("Authorization")));
            if (guard.allows(exchange)) {
                service.serve(exchange, body);
            }
        });
        server.start();
    }

    public static GuardedServer plain(RequestGuard guard, Service service) throws IOException {
        return new GuardedServer(HttpServer.create(loopback(), 0), guard, service);
    }

    public static GuardedServer secure(SSLContext identity, RequestGuard guard, Service service) throws IOException {
        var server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(identity));
        return new GuardedServer(server, guard, service);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /// Returns every request so far, refused ones included.
    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    public static void respond(HttpExchange exchange, int status, String body) throws IOException {
        respond(exchange, status, body.getBytes(StandardCharsets.UTF_8));
    }

    public static void respond(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
