package dev.tidemark.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Proxy between the daemon and the simulated Exchange that records the daemon's requests. Thread-safe.
final class RecordingProxy implements AutoCloseable {
    /// Recorded Subscribe request.
    record Subscribe(String mailbox, URI callback, Optional<String> watermark) {}

    private record Hold(String operation, CountDownLatch released) {}

    /// Matches no request.
    private static final Hold NOTHING = new Hold("\0", new CountDownLatch(0));

    private static final Pattern CALLBACK = element("URL");
    private static final Pattern WATERMARK = element("Watermark");
    private static final Pattern MAILBOX = Pattern.compile("<t:(?:Primary)?SmtpAddress>([^<]+)<");

    private final URI exchange;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile Hold held = NOTHING;

    RecordingProxy(URI exchange) {
        this.exchange = exchange;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::forward);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + exchange.getPath());
    }

    List<Subscribe> subscribes() {
        return requests.stream()
                .filter(body -> body.contains("PushSubscriptionRequest"))
                .map(body -> new Subscribe(
                        find(MAILBOX, body).orElse(""),
                        URI.create(find(CALLBACK, body).orElseThrow()),
                        find(WATERMARK, body)))
                .toList();
    }

    List<Subscribe> subscribes(String mailbox) {
        return subscribes().stream()
                .filter(subscribe -> subscribe.mailbox().equals(mailbox))
                .toList();
    }

    /// Returns the number of requests of this operation.
    long count(String operation) {
        return requests.stream().filter(body -> body.contains(operation)).count();
    }

    /// Blocks requests of this operation until [#release].
    void hold(String operation) {
        held = new Hold(operation, new CountDownLatch(1));
    }

    void release() {
        held.released().countDown();
        held = NOTHING;
    }

    private void awaitRelease(String body) throws IOException {
        var now = held;
        try {
            if (body.contains(now.operation()) && !now.released().await(90, TimeUnit.SECONDS)) {
                throw new IOException(now.operation() + " was not released");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while holding " + now.operation(), e);
        }
    }

    @Override
    public void close() {
        held.released().countDown();
        server.stop(0);
        client.close();
    }

    private void forward(HttpExchange exchangeRequest) throws IOException {
        try (exchangeRequest) {
            var body = exchangeRequest.getRequestBody().readAllBytes();
            requests.add(new String(body, StandardCharsets.UTF_8));
            awaitRelease(new String(body, StandardCharsets.UTF_8));
            var answer = pass(exchangeRequest, body);
            answer.headers()
                    .firstValue("Content-Type")
                    .ifPresent(type -> exchangeRequest.getResponseHeaders().set("Content-Type", type));
            exchangeRequest.sendResponseHeaders(answer.statusCode(), length(answer.body()));
            exchangeRequest.getResponseBody().write(answer.body());
        }
    }

    private HttpResponse<byte[]> pass(HttpExchange exchangeRequest, byte[] body) throws IOException {
        var request = HttpRequest.newBuilder(exchange).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        List.of("Content-Type", "SOAPAction", "Authorization")
                .forEach(name -> Optional.ofNullable(
                                exchangeRequest.getRequestHeaders().getFirst(name))
                        .ifPresent(value -> request.header(name, value)));
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for Exchange", e);
        }
    }

    /// Returns the length for the server, in which 0 would mean an unknown length.
    private static long length(byte[] body) {
        return body.length == 0 ? -1 : body.length;
    }

    private static Pattern element(String name) {
        return Pattern.compile("<(?:\\w+:)?" + name + "(?:\\s[^>]*)?>([^<]+)<");
    }

    private static Optional<String> find(Pattern pattern, String body) {
        var matcher = pattern.matcher(body);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
