package dev.tidemark.kafka;

import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;

/// An open way to a topic. Safe for use by many threads.
interface TopicWriter extends AutoCloseable {
    /// Hands a record over; the future ends once all replicas in step have it. Blocks only for what is known
    /// of the topic. After a failure that is not the record's own nothing is sent any more, what had been handed
    /// over included: what follows must not be there before what failed.
    ///
    /// @throws org.apache.kafka.common.KafkaException if the record is not taken over
    Future<RecordMetadata> send(byte[] key, byte[] value, Iterable<Header> headers);

    /// Why nothing is sent any more.
    Optional<Throwable> failure();

    /// Bytes beyond which a record is not sent.
    int maxRecordBytes();

    @Override
    void close();
}
