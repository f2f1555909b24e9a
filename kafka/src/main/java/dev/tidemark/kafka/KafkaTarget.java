package dev.tidemark.kafka;

import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.targets.DeliveryResult.Accepted;
import dev.tidemark.forwarder.targets.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.targets.DeliveryResult.NotSent;
import dev.tidemark.forwarder.targets.DeliveryResult.TimedOut;
import dev.tidemark.forwarder.targets.KafkaConfig;
import dev.tidemark.forwarder.targets.MessageBatch;
import dev.tidemark.forwarder.targets.MessageBatch.OutboundMessage;
import dev.tidemark.forwarder.targets.SinkTarget;
import dev.tidemark.forwarder.targets.SinkTargetContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/// Writes events to a topic (CloudEvents Kafka binding 1.0, structured mode). The record key is the partition
/// key of the event, so Kafka keeps the order. Thread-safe.
final class KafkaTarget implements SinkTarget {
    /// Upper limit of a record's overhead beside key and value, in bytes.
    private static final int OVERHEAD = 512;

    private final KafkaConfig config;
    private final SinkTargetContext context;
    private final Supplier<TopicWriter> opening;
    private Optional<TopicWriter> open = Optional.empty();
    private boolean closed;

    KafkaTarget(KafkaConfig config, SinkTargetContext context, Supplier<TopicWriter> opening) {
        this.config = config;
        this.context = context;
        this.opening = opening;
    }

    @Override
    public DeliveryResult send(MessageBatch batch) {
        try {
            var refused = refusal();
            if (refused.isPresent()) {
                return refused.get();
            }
            var topic = topic();
            var tooLarge = tooLarge(topic, batch);
            return tooLarge.isPresent() ? tooLarge.get() : sendClassified(topic, batch);
        } catch (KafkaException e) {
            return KafkaFailureClassifier.classify(
                    Optional.ofNullable(e.getCause()).orElse(e), config.timeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new NoAnswer("interrupted while sending");
        }
    }

    private synchronized Optional<DeliveryResult> refusal() {
        return open.filter(this::isUsable).isPresent()
                ? Optional.empty()
                : new BootstrapServers(config.bootstrapServers()).refusal(context.egress());
    }

    /// Checks sizes before sending, so that no later event arrives before a rejected one.
    private static Optional<DeliveryResult> tooLarge(TopicWriter topic, MessageBatch batch) {
        return batch.messages().stream()
                .filter(message -> message.body().length + OVERHEAD > topic.maxRecordBytes())
                .findFirst()
                .map(message -> new NotSent("RecordTooLargeException: event " + message.id() + " has "
                        + message.body().length + " bytes, and max.request.size is " + topic.maxRecordBytes()));
    }

    /// Sends a batch. A producer that another request closed meanwhile reports only that; its first failure is the
    /// cause.
    private DeliveryResult sendClassified(TopicWriter topic, MessageBatch batch) throws InterruptedException {
        try {
            return send(topic, batch);
        } catch (KafkaException e) {
            return KafkaFailureClassifier.classify(
                    cause(topic, Optional.ofNullable(e.getCause()).orElse(e)), config.timeout());
        }
    }

    private DeliveryResult send(TopicWriter topic, MessageBatch batch) throws InterruptedException {
        var sent = new ArrayList<Future<RecordMetadata>>();
        for (var message : batch.messages()) {
            sent.add(topic.send(
                    message.key().getBytes(StandardCharsets.UTF_8), message.body(), headers(message, batch)));
        }
        var deadline = System.nanoTime() + config.timeout().toNanos() + TimeUnit.SECONDS.toNanos(1);
        DeliveryResult result = new Accepted();
        for (var each : sent) {
            var next = await(topic, each, deadline);
            result = result instanceof Accepted ? next : result;
        }
        return result;
    }

    private DeliveryResult await(TopicWriter topic, Future<RecordMetadata> sent, long deadline)
            throws InterruptedException {
        try {
            sent.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            return new Accepted();
        } catch (ExecutionException e) {
            return KafkaFailureClassifier.classify(
                    cause(topic, Optional.ofNullable(e.getCause()).orElse(e)), config.timeout());
        } catch (TimeoutException late) {
            return new TimedOut(config.timeout());
        }
    }

    /// Returns the first failure of the producer; later records only report that it is closed.
    private static Throwable cause(TopicWriter topic, Throwable failure) {
        return KafkaFailureClassifier.isOfEvent(failure)
                ? failure
                : topic.failure().orElse(failure);
    }

    private static List<Header> headers(OutboundMessage message, MessageBatch batch) {
        var headers = new ArrayList<Header>();
        headers.add(header("content-type", CloudEventRenderer.CONTENT_TYPE));
        if (message.late()) {
            headers.add(header("tidemark-late", "true"));
        }
        if (batch.replay()) {
            headers.add(header("tidemark-replay", "true"));
        }
        return headers;
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /// Opens the producer on first use, because the client refuses to start while no name can be resolved.
    private synchronized TopicWriter topic() {
        if (closed) {
            throw new KafkaException("the sink is stopping");
        }
        var topic = open.filter(this::isUsable).orElseGet(opening);
        open = Optional.of(topic);
        return topic;
    }

    /// A failed producer cannot be reused; a new one is cheap.
    private boolean isUsable(TopicWriter topic) {
        return topic.failure().isEmpty();
    }

    @Override
    public synchronized void close() {
        closed = true;
        open.ifPresent(TopicWriter::close);
        open = Optional.empty();
    }
}
