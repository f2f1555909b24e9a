package dev.tidemark.endtoend;

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
import java.util.List;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/// Webhook receiver that checks the signature of every request, records requests in order, and can be made to
/// fail. Thread-safe.
final class MisbehavingWebhookReceiver implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final WebhookSignature signature = new WebhookSignature();
    private final List<ReceivedRequest> deliveries = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final int port = LoopbackPorts.free();
    private volatile int status = 204;
    private volatile String unwanted = "none";
    private HttpServer server = listen();

    URI url() {
        return URI.create("http://127.0.0.1:" + port + "/hook");
    }

    String secret() {
        return signature.secret();
    }

    /// Answers all later requests with this status.
    void answerWith(int otherStatus) {
        status = otherStatus;
    }

    /// Accepts these offsets of the sender's clock.
    void allow(List<Duration> offsets) {
        signature.allow(offsets);
    }

    /// Refuses all later events of this mailbox only.
    void refuse(String address) {
        unwanted = address;
    }

    /// Stops listening.
    synchronized void down() {
        server.stop(0);
    }

    synchronized void up() {
        server = listen();
    }

    /// Returns all requests with a valid signature.
    List<ReceivedRequest> requests() {
        synchronized (deliveries) {
            return List.copyOf(deliveries);
        }
    }

    /// Returns the number of requests with a valid signature.
    int requestCount() {
        synchronized (deliveries) {
            return deliveries.size();
        }
    }

    /// Returns the requests that were answered with success.
    DeliveryHistory story() {
        return new DeliveryHistory(
                requests().stream().filter(ReceivedRequest::accepted).toList());
    }

    /// Returns the reasons of invalid requests.
    List<String> complaints() {
        synchronized (complaints) {
            return List.copyOf(complaints);
        }
    }

    @Override
    public synchronized void close() {
        server.stop(0);
    }

    private HttpServer listen() {
        try {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            var listening = HttpServer.create(address, 64);
            listening.createContext("/hook", this::receive);
            listening.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            listening.start();
            return listening;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        var at = System.nanoTime();
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(check(exchange, body, at), -1);
        }
    }

    private int check(HttpExchange exchange, byte[] body, long at) {
        var headers = exchange.getRequestHeaders();
        var id = String.valueOf(headers.getFirst("webhook-id"));
        var timestamp = String.valueOf(headers.getFirst("webhook-timestamp"));
        if (!signature.covers(id, timestamp, body, String.valueOf(headers.getFirst("webhook-signature")))) {
            complain(exchange.getRequestMethod() + " with a wrong signature: " + headers.entrySet());
            return 401;
        }
        var event = JSON.readTree(new String(body, StandardCharsets.UTF_8));
        var answer = event.path("subject").asString("").equals(unwanted) ? 422 : status;
        if (!event.path("id").asString().equals(id)) {
            complain("webhook-id " + id + " is not the id of " + event);
        }
        synchronized (deliveries) {
            deliveries.add(new ReceivedRequest(
                    at,
                    id,
                    String.valueOf(headers.getFirst("tidemark-attempt")),
                    String.valueOf(headers.getFirst("Content-Type")),
                    event,
                    answer,
                    String.valueOf(headers.getFirst("traceparent"))));
        }
        return answer;
    }

    private void complain(String complaint) {
        synchronized (complaints) {
            complaints.add(complaint);
        }
    }
}
