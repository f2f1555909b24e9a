package dev.tidemark.kafka;

import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;

/// A topic by Kafka's own producer.
final class KafkaTopic implements Topic {
    private final KafkaProducer<byte[], byte[]> producer;
    private final String name;
    private final int mostBytes;

    /// @throws org.apache.kafka.common.KafkaException if no server's name can be resolved
    KafkaTopic(Properties settings, String name) {
        this.producer = new KafkaProducer<>(settings);
        this.name = name;
        this.mostBytes = new ProducerConfig(settings).getInt(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
    }

    @Override
    public Future<RecordMetadata> send(byte[] key, byte[] value, Iterable<Header> headers) {
        return producer.send(new ProducerRecord<>(name, null, null, key, value, headers));
    }

    @Override
    public int mostBytes() {
        return mostBytes;
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
