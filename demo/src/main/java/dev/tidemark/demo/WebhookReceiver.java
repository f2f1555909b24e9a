package dev.tidemark.demo;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Verifies deliveries, records their events and prints them. Called on the server's threads. Thread-safe.
final class WebhookReceiver {
    /// Headers of a request. Missing headers are empty.
    interface Headers {
        String get(String name);
    }

    private final SignatureVerifier check;
    private final ReceivedEventLog receipts;
    private final Consumer<String> lines;

    WebhookReceiver(SignatureVerifier check, ReceivedEventLog receipts, Consumer<String> lines) {
        this.check = check;
        this.receipts = receipts;
        this.lines = lines;
    }

    /// Processes a delivery and returns the HTTP status.
    int receive(Headers headers, byte[] body) {
        var fault = check.fault(
                headers.get("webhook-id"), headers.get("webhook-timestamp"), headers.get("webhook-signature"), body);
        if (fault.isPresent()) {
            lines.accept("refused: " + fault.get());
            return 401;
        }
        Optional<List<ReceivedEvent>> events = DemoJsonCodec.events(body);
        if (events.isEmpty()) {
            lines.accept("refused: the body is not JSON");
            return 400;
        }
        events.get()
                .forEach(event -> lines.accept(receipts.addDelivery(event) ? event.line() : event.line() + " (again)"));
        return 204;
    }
}
