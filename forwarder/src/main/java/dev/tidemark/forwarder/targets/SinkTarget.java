package dev.tidemark.forwarder.targets;

import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import java.util.Optional;

/// Destination of a sink: a webhook, a topic or a stream. Converts messages to its protocol and the outcome to
/// a [DeliveryResult]. Order, retries and positions are the forwarder's concern. Called by up to `concurrency`
/// threads at once, plus one for test events.
public interface SinkTarget extends AutoCloseable {
    /// Sends all messages of the batch. Blocks until the receiver stored them or a response shows that it did
    /// not. An exception counts as [DeliveryResult.NotSent]; a class or library that does not load counts as
    /// [DeliveryResult.NoAnswer]. A partly accepted batch counts as failed and is sent again.
    DeliveryResult send(MessageBatch batch);

    /// Returns the last response that refused a request, test events included; empty for protocols without responses
    /// and before the first refusal since the start.
    default Optional<RefusedResponse> lastRefusal() {
        return Optional.empty();
    }

    /// Cancels requests in flight and releases connections.
    @Override
    void close();
}
