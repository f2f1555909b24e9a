package dev.tidemark.forwarder;

import dev.tidemark.forwarder.SinkHealthPolicy.Failure;
import dev.tidemark.forwarder.backlog.PendingDelivery;
import dev.tidemark.forwarder.backlog.SinkBacklog;
import dev.tidemark.forwarder.backlog.SinkWriteBuffer;
import java.time.Instant;
import java.util.List;

/// What becomes of the events of a request, and of the sink's condition, once it is known what its answer
/// means. Used by one thread.
final class DeliveryOutcomeHandler {
    private final SinkBacklog backlog;
    private final ReplayBacklog encore;
    private final SinkHealthTracker condition;
    private final SinkWriteBuffer ledger;
    private final EventFailurePolicy failures;

    DeliveryOutcomeHandler(
            SinkController.Sources supply,
            SinkHealthTracker condition,
            SinkWriteBuffer ledger,
            EventFailurePolicy failures) {
        this.backlog = supply.backlog();
        this.encore = supply.encore();
        this.condition = condition;
        this.ledger = ledger;
        this.failures = failures;
    }

    /// @param sent the number of the latest request
    void apply(DeliveryBatch shipment, DeliveryOutcome verdict, long sent, Instant now) {
        if (shipment.isReplay()) {
            applyToReplay(shipment, verdict, now);
        } else {
            applyToBacklog(shipment, verdict, now);
        }
        if (verdict instanceof DeliveryOutcome.EventFailed failed && failed.overload()) {
            condition.onOverload(shipment, sent);
        }
    }

    private void applyToBacklog(DeliveryBatch shipment, DeliveryOutcome verdict, Instant now) {
        switch (verdict) {
            case DeliveryOutcome.Delivered ignored -> onDelivered(shipment, now);
            case DeliveryOutcome.SinkFailed failed -> {
                condition.onSinkFailed(new Failure(failed.reason(), failed.retryAt(), shipment.isProbe()), now);
                requeue(shipment.deliveries(), now);
            }
            case DeliveryOutcome.LaneBusy busy -> {
                condition.onEventFailed(busy.reason(), shipment.isProbe(), now);
                // those behind it in the lane wait with it, also those that were sent with it
                backlog.defer(shipment.first(), failures.busyRow(shipment.first(), busy), now);
            }
            case DeliveryOutcome.EventFailed failed -> onEventFailed(shipment, failed, now);
            case DeliveryOutcome.Gone gone -> {
                condition.onGone(gone.reason(), now);
                requeue(shipment.deliveries(), now);
            }
            case DeliveryOutcome.Refused refused -> {
                condition.onRefused(refused.reason(), refused.allow(), now);
                requeue(shipment.deliveries(), now);
            }
        }
    }

    /// What concerns the sink counts as ever; what concerns the event does not touch the ordinary run.
    private void applyToReplay(DeliveryBatch shipment, DeliveryOutcome verdict, Instant now) {
        var deliveries = shipment.deliveries();
        switch (verdict) {
            case DeliveryOutcome.Delivered ignored -> {
                encore.onDelivered(deliveries);
                condition.onSuccess();
            }
            case DeliveryOutcome.SinkFailed failed -> {
                condition.onSinkFailed(new Failure(failed.reason(), failed.retryAt(), shipment.isProbe()), now);
                encore.requeue(deliveries);
            }
            case DeliveryOutcome.LaneBusy busy -> {
                recordProbeResponse(shipment, busy.reason(), now);
                encore.requeue(deliveries);
                encore.pause(busy.until());
            }
            case DeliveryOutcome.EventFailed failed -> {
                recordProbeResponse(shipment, failed.reason(), now);
                if (shipment.size() > 1) {
                    encore.requeue(inSmallerBatches(shipment));
                } else {
                    encore.onRefused(shipment.first(), failed, failures, now);
                }
            }
            case DeliveryOutcome.Gone gone -> {
                condition.onGone(gone.reason(), now);
                encore.requeue(deliveries);
            }
            case DeliveryOutcome.Refused refused -> {
                condition.onRefused(refused.reason(), refused.allow(), now);
                encore.requeue(deliveries);
            }
        }
    }

    /// The sink is not free yet, but there is another probe to come.
    private void recordProbeResponse(DeliveryBatch shipment, String reason, Instant now) {
        if (shipment.isProbe()) {
            condition.onEventFailed(reason, true, now);
        }
    }

    private void onDelivered(DeliveryBatch shipment, Instant now) {
        shipment.deliveries().forEach(delivery -> backlog.onDelivered(delivery, now));
        condition.onSuccess();
        if (!backlog.hasDeferred()) {
            condition.clearError();
        }
    }

    /// Nothing is settled: its events go again.
    void requeue(DeliveryBatch shipment, Instant now) {
        if (shipment.isReplay()) {
            encore.requeue(shipment.deliveries());
        } else {
            requeue(shipment.deliveries(), now);
        }
    }

    /// The last first, so that the first is the next to go.
    private void requeue(List<PendingDelivery> deliveries, Instant now) {
        deliveries.reversed().forEach(delivery -> backlog.requeue(delivery, now));
    }

    /// One event among several may be at fault: none is charged, and they go again in smaller company.
    private void onEventFailed(DeliveryBatch shipment, DeliveryOutcome.EventFailed failed, Instant now) {
        condition.onEventFailed(failed.reason(), shipment.isProbe(), now);
        if (shipment.size() > 1) {
            requeue(inSmallerBatches(shipment), now);
        } else {
            chargeEvent(shipment.first(), failed, now);
        }
    }

    private static List<PendingDelivery> inSmallerBatches(DeliveryBatch shipment) {
        return shipment.deliveries().stream()
                .map(delivery -> delivery.withBatchSize(shipment.size()))
                .toList();
    }

    private void chargeEvent(PendingDelivery delivery, DeliveryOutcome.EventFailed failed, Instant now) {
        switch (failures.decide(delivery, failed, now)) {
            case EventFailurePolicy.Retry again -> backlog.defer(delivery, again.row(), now);
            case EventFailurePolicy.DeadLettered dead -> {
                backlog.deadLetter(delivery, dead.letter(), now);
                dead.notice().ifPresent(ledger::enqueueInstanceEvent);
            }
        }
    }
}
