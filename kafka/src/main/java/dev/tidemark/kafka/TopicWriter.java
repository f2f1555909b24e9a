package dev.tidemark.kafka;

import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;

/// Open connection to a topic. Thread-safe.
interface TopicWriter extends AutoCloseable {
    /// Sends a record; the future completes when all in-sync replicas have it. Blocks only to fetch the topic's
    /// metadata. After a failure that is not the record's own, nothing is sent any more, including pending
    /// records: a later record must not arrive before a failed one.
    ///
    /// @throws org.apache.kafka.common.KafkaException if the record is not accepted
    Future<RecordMetadata> send(byte[] key, byte[] value, Iterable<Header> headers);

    /// Returns the failure that stopped the writer.
    Optional<Throwable> failure();

    /// Returns the maximum size of a record in bytes.
    int maxRecordBytes();

    @Override
    void close();
}
