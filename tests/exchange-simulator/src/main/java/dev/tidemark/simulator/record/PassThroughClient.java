package dev.tidemark.simulator.record;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the request of a client to the server and its response back while it arrives, so that streams pass.
/// Thread-safe.
final class PassThroughClient {
    /// Response as it was passed. A status of 502 means that the server did not respond.
    record PassedReply(int status, Optional<String> retryAfter, String body) {}

    private static final Logger log = LoggerFactory.getLogger(PassThroughClient.class);

    /// Headers of one connection, and the one that would hide the body.
    private static final Set<String> DROPPED = Set.of(
            "host",
            "content-length",
            "connection",
            "keep-alive",
            "expect",
            "upgrade",
            "http2-settings",
            "transfer-encoding",
            "accept-encoding",
            "te");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI target;

    PassThroughClient(URI target) {
        this.target = target;
    }

    PassedReply pass(HttpExchange call, byte[] request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response;
        try {
            response = http.send(request(call, request), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            log.warn("{} did not respond", target, e);
            call.sendResponseHeaders(502, -1);
            return new PassedReply(502, Optional.empty(), "");
        }
        response.headers().map().forEach((name, values) -> {
            if (!DROPPED.contains(name.toLowerCase(Locale.ROOT))) {
                call.getResponseHeaders().put(name, values);
            }
        });
        call.sendResponseHeaders(response.statusCode(), 0);
        return new PassedReply(
                response.statusCode(), response.headers().firstValue("Retry-After"), copy(response.body(), call));
    }

    private HttpRequest request(HttpExchange call, byte[] body) {
        var builder = HttpRequest.newBuilder(target.resolve(call.getRequestURI().toString()))
                .method(call.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        call.getRequestHeaders().forEach((name, values) -> {
            if (!DROPPED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> builder.header(name, value));
            }
        });
        return builder.build();
    }

    private static String copy(InputStream from, HttpExchange call) throws IOException {
        var seen = new ByteArrayOutputStream();
        var buffer = new byte[8192];
        try (from) {
            for (var length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                seen.write(buffer, 0, length);
                call.getResponseBody().write(buffer, 0, length);
                call.getResponseBody().flush();
            }
        }
        return seen.toString(StandardCharsets.UTF_8);
    }
}
