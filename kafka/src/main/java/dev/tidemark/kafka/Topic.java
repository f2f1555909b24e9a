package dev.tidemark.kafka;

import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;

/// An open way to a topic. Safe for use by many threads.
interface Topic extends AutoCloseable {
    /// Hands a record over; the future ends once all replicas in step have it. Blocks only for what is known
    /// of the topic.
    Future<RecordMetadata> send(byte[] key, byte[] value, Iterable<org.apache.kafka.common.header.Header> headers);

    /// Bytes beyond which a record is not sent.
    int mostBytes();

    @Override
    void close();
}
