package dev.tidemark.forwarder;

import dev.tidemark.forwarder.Answer.NotSent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes a request of an event, signs it and sends it (Standard Webhooks 1.0). Safe for use by many threads.
final class Courier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

    private final SinkConfig sink;
    private final CloudEvents events;
    private final Signer signer;
    private final WebhookClient client;
    private final Clock clock;

    Courier(SinkConfig sink, CloudEvents events, WebhookClient client, Clock clock) {
        this.sink = sink;
        this.events = events;
        this.signer = Signer.of(sink.webhook().secrets(), sink.webhook().signingKey());
        this.client = client;
        this.clock = clock;
    }

    /// Blocks until there is an answer; never throws.
    Answer deliver(Delivery delivery) {
        var id = delivery.event().id().value();
        try {
            var body = events.render(delivery.event());
            var headers = headers(id, body, delivery.attempt());
            if (delivery.overtaken()) {
                headers.put("tidemark-late", "true");
            }
            var answer = client.post(headers, body);
            LOG.debug("Event {} to sink {}, attempt {}: {}", id, sink.name(), delivery.attempt(), answer.text());
            return answer;
        } catch (RuntimeException e) {
            LOG.warn("Event {} could not be sent to sink {}; it is tried again", id, sink.name(), e);
            return new NotSent("not sent: " + e);
        }
    }

    /// Sends a trial event; blocks until there is an answer.
    Answer ping() {
        var id = RandomIds.next("evt_");
        var body = events.ping(id, sink.name().value(), clock.instant());
        return client.post(headers(id, body, 1), body);
    }

    private Map<String, String> headers(String id, byte[] body, int attempt) {
        var timestamp = clock.instant().getEpochSecond();
        var headers = new LinkedHashMap<>(sink.webhook().headers());
        headers.put("Content-Type", CloudEvents.CONTENT_TYPE);
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", Long.toString(timestamp));
        headers.put("webhook-signature", signer.sign(id, timestamp, body));
        headers.put("tidemark-attempt", Integer.toString(attempt));
        headers.put("traceparent", traceparent(id));
        return headers;
    }

    /// One trace for all attempts of an event, one span for each (W3C Trace Context, level 1).
    private static String traceparent(String id) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            var span = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
            return "00-" + HexFormat.of().formatHex(digest, 0, 16) + "-"
                    + HexFormat.of().toHexDigits(span) + "-00";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JDK lacks SHA-256: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
