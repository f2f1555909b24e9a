package dev.tidemark.endtoend;

import com.sun.net.httpserver.HttpExchange;
import dev.tidemark.authservers.GuardedServer;
import dev.tidemark.authservers.RequestGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Front end of the simulated Exchange whose guard checks every request.
final class GuardedFrontEnd implements AutoCloseable {
    private final URI exchange;
    private final HttpClient client = HttpClient.newHttpClient();
    private final GuardedServer server;
    private final String scheme;

    /// Starts the front end, with TLS if there is an identity.
    GuardedFrontEnd(URI exchange, RequestGuard guard, Optional<SSLContext> identity) {
        this.exchange = exchange;
        scheme = identity.isPresent() ? "https" : "http";
        try {
            server = identity.isPresent()
                    ? GuardedServer.secure(identity.get(), guard, this::forward)
                    : GuardedServer.plain(guard, this::forward);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI url() {
        return URI.create(scheme + "://localhost:" + server.port() + exchange.getPath());
    }

    /// Returns every request, refused ones included.
    List<GuardedServer.Seen> seen() {
        return server.seen();
    }

    private void forward(HttpExchange incoming, byte[] body) throws IOException {
        var request = HttpRequest.newBuilder(exchange).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        List.of("Content-Type", "SOAPAction")
                .forEach(
                        name -> Optional.ofNullable(incoming.getRequestHeaders().getFirst(name))
                                .ifPresent(value -> request.header(name, value)));
        try {
            var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            answer.headers()
                    .firstValue("Content-Type")
                    .ifPresent(type -> incoming.getResponseHeaders().set("Content-Type", type));
            GuardedServer.respond(incoming, answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for Exchange", e);
        }
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }
}
