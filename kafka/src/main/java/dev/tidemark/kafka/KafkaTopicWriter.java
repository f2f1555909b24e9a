package dev.tidemark.kafka;

import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes to a topic through Kafka's producer. Thread-safe.
final class KafkaTopicWriter implements TopicWriter {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaTopicWriter.class);

    private final KafkaProducer<byte[], byte[]> producer;
    private final String name;
    private final int maxRecordBytes;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /// @throws org.apache.kafka.common.KafkaException if no server's name can be resolved
    KafkaTopicWriter(Properties settings, String name) {
        this.producer = new KafkaProducer<>(settings);
        this.name = name;
        this.maxRecordBytes = new ProducerConfig(settings).getInt(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
    }

    @Override
    public Future<RecordMetadata> send(byte[] key, byte[] value, Iterable<Header> headers) {
        try {
            return producer.send(
                    new ProducerRecord<>(name, null, null, key, value, headers), (taken, fault) -> onCompletion(fault));
        } catch (IllegalStateException closed) {
            throw new KafkaException("the producer was closed", failure().orElse(closed));
        }
    }

    /// Closes the producer after the first failure. Runs on the producer's thread before it sends anything
    /// else. An expired record may be followed by a later record of the same mailbox that is still valid. If
    /// the broker returned between the two, the later event would arrive first.
    private void onCompletion(@Nullable Exception fault) {
        if (fault != null && !KafkaFailureClassifier.isOfEvent(fault)) {
            if (failure.compareAndSet(null, fault)) {
                LOG.debug("Closing the producer for topic {} after a failure", name, fault);
            }
            producer.close(Duration.ZERO);
        }
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    @Override
    public int maxRecordBytes() {
        return maxRecordBytes;
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
