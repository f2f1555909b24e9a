package dev.tidemark.forwarder.target;

/// Where a sink's events end: a webhook, a topic, a stream. It turns messages into whatever the other side
/// understands and an outcome into an [DeliveryResult]; order, retries, holds and positions are not its concern.
/// Used by as many threads at once as the sink's `concurrency` says, and one more for trial events.
public interface SinkTarget extends AutoCloseable {
    /// Hands over everything in the parcel together. Blocks until the other side has stored it, or until a
    /// response shows that it has not. An exception counts as [DeliveryResult.NotSent]; a class or library that
    /// does not load counts as [DeliveryResult.NoAnswer]. A parcel that was taken in part before a failure counts
    /// as failed and comes again.
    DeliveryResult send(MessageBatch parcel);

    /// Ends what is under way and releases connections.
    @Override
    void close();
}
