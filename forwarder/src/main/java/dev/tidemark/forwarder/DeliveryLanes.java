package dev.tidemark.forwarder;

import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.SinkName;
import java.time.Instant;
import java.util.Optional;

/// Names lanes and creates the deferred rows of their events. Thread-safe.
final class DeliveryLanes {
    private DeliveryLanes() {}

    /// Returns the lane of an event, which is its source: order is kept per source.
    public static String of(JournalEvent event) {
        return event.source().lane();
    }

    /// Returns a row for an event that waits until `next`.
    ///
    /// @param failures failures that count against its schedule
    public static DeferredDelivery row(
            SinkName sink, PendingDelivery delivery, int failures, Instant next, Optional<Instant> firstFailedAt) {
        return new DeferredDelivery(
                sink,
                delivery.position(),
                delivery.lane(),
                failures,
                firstFailedAt,
                next,
                delivery.overtaken(),
                delivery.row().flatMap(DeferredDelivery::lastError));
    }

    public static DeferredDelivery withError(DeferredDelivery row, String error) {
        return new DeferredDelivery(
                row.sink(),
                row.position(),
                row.lane(),
                row.attempts(),
                row.firstFailedAt(),
                row.nextAttemptAt(),
                row.overtaken(),
                Optional.of(error));
    }

    static DeferredDelivery withNextAttempt(DeferredDelivery row, Instant next) {
        return new DeferredDelivery(
                row.sink(),
                row.position(),
                row.lane(),
                row.attempts(),
                row.firstFailedAt(),
                next,
                row.overtaken(),
                row.lastError());
    }

    static DeferredDelivery asOvertaken(DeferredDelivery row) {
        return new DeferredDelivery(
                row.sink(),
                row.position(),
                row.lane(),
                row.attempts(),
                row.firstFailedAt(),
                row.nextAttemptAt(),
                true,
                row.lastError());
    }
}
