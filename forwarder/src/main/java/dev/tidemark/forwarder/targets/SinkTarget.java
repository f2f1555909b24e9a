package dev.tidemark.forwarder.targets;

/// Destination of a sink: a webhook, a topic or a stream. Converts messages to its protocol and the outcome to
/// a [DeliveryResult]. Order, retries and positions are the forwarder's concern. Called by up to `concurrency`
/// threads at once, plus one for test events.
public interface SinkTarget extends AutoCloseable {
    /// Sends all messages of the batch. Blocks until the receiver stored them or a response shows that it did
    /// not. An exception counts as [DeliveryResult.NotSent]; a class or library that does not load counts as
    /// [DeliveryResult.NoAnswer]. A partly accepted batch counts as failed and is sent again.
    DeliveryResult send(MessageBatch batch);

    /// Cancels requests in flight and releases connections.
    @Override
    void close();
}
