package dev.tidemark.forwarder.backlog;

import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.EventSource.OfInstance;
import dev.tidemark.store.model.EventSource.OfMailbox;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.SinkName;
import java.time.Instant;
import java.util.Optional;

/// Lanes by name, and rows of their events.
public final class DeliveryLanes {
    private DeliveryLanes() {}

    /// The lane of an event: what it speaks of, since that is what is kept in order.
    public static String of(JournalEvent event) {
        return switch (event.source()) {
            case OfMailbox mailbox -> mailbox.id().value();
            case OfInstance ignored -> "instance";
        };
    }

    /// A row for an event that goes on to wait until `next`.
    ///
    /// @param failures that count against its schedule
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
