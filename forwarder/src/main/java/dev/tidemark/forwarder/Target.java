package dev.tidemark.forwarder;

/// Where a sink's events end: a webhook, a topic, a stream. It turns messages into whatever the other side
/// understands and an outcome into an [Answer]; order, retries, holds and positions are not its concern.
/// Used by as many threads at once as the sink's `concurrency` says, and one more for trial events.
public interface Target extends AutoCloseable {
    /// Hands over everything in the parcel together. Blocks until the other side has taken it for good, or an
    /// answer says why not; what is thrown counts as [Answer.NotSent], and what
    /// cannot be loaded as [Answer.NoAnswer]. A parcel of which some was taken before
    /// a failure is answered as failed and comes again.
    Answer send(Parcel parcel);

    /// Ends what is under way and releases connections.
    @Override
    void close();
}
