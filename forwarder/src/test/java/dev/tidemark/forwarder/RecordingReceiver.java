package dev.tidemark.forwarder;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// Webhook receiver on loopback that records every request and sends the configured response. Thread-safe.
public final class RecordingReceiver implements AutoCloseable {
    private static final Duration STALL = Duration.ofMillis(100);

    private final HttpServer server;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
    private volatile Function<Call, Reply> answers = call -> Reply.of(204);

    /// Request that arrived.
    ///
    /// @param nanos time of arrival
    public record Call(String path, Map<String, List<String>> headers, String body, int port, long nanos) {
        public String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }

        public String id() {
            return header("Webhook-id");
        }
    }

    /// A code of 0 closes the connection without a response.
    public record Reply(int code, Map<String, String> headers, String body) {
        public static Reply of(int code) {
            return new Reply(code, Map.of(), "");
        }
    }

    public RecordingReceiver() {
        this(0);
    }

    RecordingReceiver(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(workers);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port() + "/hooks/mail");
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public void answer(Function<Call, Reply> answer) {
        answers = answer;
    }

    public List<Call> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    public int count() {
        return calls.size();
    }

    /// Returns a range of the calls, by number from 0.
    List<Call> calls(int from, int to) {
        synchronized (calls) {
            return List.copyOf(calls.subList(from, to));
        }
    }

    /// Returns those of the first `count` calls that arrived in the last `span`. Gaps count as at most 100 ms,
    /// because the sink sends nothing while it saves a position, and a slow machine extends that.
    List<Call> last(Duration span, int count) {
        var seen = calls(0, count);
        var first = count;
        for (var left = span.toNanos(); first > 0 && left >= 0; first--) {
            left -= first == count ? 0 : step(seen.get(first - 1), seen.get(first));
        }
        return seen.subList(first, count);
    }

    /// Returns the time from the first to the last of these calls. Gaps count as at most 100 ms.
    Duration lasted(int from, int to) {
        var seen = calls(from, to);
        var nanos = 0L;
        for (var i = 1; i < seen.size(); i++) {
            nanos += step(seen.get(i - 1), seen.get(i));
        }
        return Duration.ofNanos(nanos);
    }

    private static long step(Call one, Call next) {
        return Math.clamp(next.nanos() - one.nanos(), 0, STALL.toNanos());
    }

    List<String> ids() {
        return calls().stream().map(Call::id).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var call = new Call(
                    exchange.getRequestURI().getPath(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    body,
                    exchange.getRemoteAddress().getPort(),
                    System.nanoTime());
            calls.add(call);
            var reply = answers.apply(call);
            if (reply.code() == 0) {
                return;
            }
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            var bytes = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.code(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
