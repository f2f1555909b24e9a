package dev.tidemark.conformance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Webhook receiver on loopback. Records every request and answers with a scriptable function. Thread-safe.
final class ConformanceReceiver implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<ReceivedCall> calls = new CopyOnWriteArrayList<>();
    private volatile Function<ReceivedCall, Reply> answers = call -> Reply.of(204);

    record Reply(int code, Map<String, String> headers) {
        static Reply of(int code) {
            return new Reply(code, Map.of());
        }
    }

    ConformanceReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(workers);
        server.start();
    }

    URI url() {
        return url("/hooks/mail");
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    void respondWith(Function<ReceivedCall, Reply> answer) {
        answers = answer;
    }

    List<ReceivedCall> calls() {
        return List.copyOf(calls);
    }

    List<ReceivedCall> calls(String id) {
        return calls.stream().filter(call -> call.id().equals(id)).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var headers = exchange.getRequestHeaders().entrySet().stream()
                    .collect(Collectors.toUnmodifiableMap(
                            header -> header.getKey().toLowerCase(Locale.ROOT),
                            header -> String.join(", ", header.getValue())));
            var path = exchange.getRequestURI().getPath();
            var call = new ReceivedCall(exchange.getRequestMethod(), path, headers, body, System.nanoTime());
            calls.add(call);
            var reply = answers.apply(call);
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(reply.code(), -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
