package dev.tidemark.forwarder.webhook;

import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.targets.MessageBatch;
import dev.tidemark.forwarder.targets.SinkTarget;
import dev.tidemark.forwarder.targets.SinkTargetContext;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import dev.tidemark.tracing.TraceParent;
import java.time.Clock;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// Sends each batch as one signed request (Standard Webhooks 1.0). The request threads of the sink call it.
/// Thread-safe.
final class WebhookTarget implements SinkTarget {
    private final WebhookConfig config;
    private final WebhookSigner signer;
    private final WebhookClient client;
    private final boolean batched;
    private final Clock clock;

    private WebhookTarget(
            WebhookConfig config, WebhookSigner signer, WebhookClient client, boolean batched, Clock clock) {
        this.config = config;
        this.signer = signer;
        this.client = client;
        this.batched = batched;
        this.clock = clock;
    }

    static WebhookTarget open(WebhookConfig config, SinkTargetContext context) {
        return new WebhookTarget(
                config,
                WebhookSigner.of(config.secrets(), config.signingKey()),
                WebhookClient.open(config, context.egress(), context.concurrency()),
                context.batched(),
                context.clock());
    }

    @Override
    public DeliveryResult send(MessageBatch batch) {
        if (batched) {
            var body = CloudEventBatchEncoder.body(batch.messages());
            return post(batch, CloudEventBatchEncoder.id(batch.messages()), body);
        }
        var message = batch.messages().getFirst();
        return post(batch, message.id(), message.body());
    }

    private DeliveryResult post(MessageBatch batch, String id, byte[] body) {
        var headers = headers(batch, id, body);
        return batch.onNewConnection() ? client.postOnNewConnection(headers, body) : client.post(headers, body);
    }

    /// A sink with batches always sends a list, so that its receiver handles one format.
    private Map<String, String> headers(MessageBatch batch, String id, byte[] body) {
        var timestamp = clock.instant().getEpochSecond();
        var headers = new LinkedHashMap<>(config.headers());
        headers.put("Content-Type", batched ? CloudEventBatchEncoder.CONTENT_TYPE : CloudEventRenderer.CONTENT_TYPE);
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", Long.toString(timestamp));
        headers.put("webhook-signature", signer.sign(id, timestamp, body));
        headers.put("tidemark-attempt", Integer.toString(batch.attempt()));
        headers.put("traceparent", batch.traceParent().orElseGet(() -> unsampled(id)));
        if (isLate(batch)) {
            headers.put("tidemark-late", "true");
        }
        if (batch.replay()) {
            headers.put("tidemark-replay", "true");
        }
        return headers;
    }

    private static boolean isLate(MessageBatch batch) {
        for (var message : batch.messages()) {
            if (message.late()) {
                return true;
            }
        }
        return false;
    }

    /// Returns one trace for all attempts of an event, and another span for each.
    private static String unsampled(String id) {
        var span = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        return TraceParent.rootOf(id).withSpan(HexFormat.of().toHexDigits(span)).header();
    }

    @Override
    public Optional<RefusedResponse> lastRefusal() {
        return client.lastRefusal();
    }

    @Override
    public void close() {
        client.close();
    }
}
