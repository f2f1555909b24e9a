package dev.tidemark.forwarder;

import dev.tidemark.forwarder.SinkHealthPolicy.Trouble;
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
    void settle(DeliveryBatch shipment, DeliveryOutcome verdict, long sent, Instant now) {
        if (shipment.encore()) {
            settleEncore(shipment, verdict, now);
        } else {
            settleLive(shipment, verdict, now);
        }
        if (verdict instanceof DeliveryOutcome.EventFailed failed && failed.overload()) {
            condition.overloaded(shipment, sent);
        }
    }

    private void settleLive(DeliveryBatch shipment, DeliveryOutcome verdict, Instant now) {
        switch (verdict) {
            case DeliveryOutcome.Delivered ignored -> taken(shipment, now);
            case DeliveryOutcome.SinkFailed failed -> {
                condition.failed(new Trouble(failed.reason(), failed.retryAt(), shipment.probe()), now);
                putBack(shipment.deliveries(), now);
            }
            case DeliveryOutcome.LaneBusy busy -> {
                condition.eventFailed(busy.reason(), shipment.probe(), now);
                // those behind it in the lane wait with it, also those that were sent with it
                backlog.defer(shipment.first(), failures.busy(shipment.first(), busy), now);
            }
            case DeliveryOutcome.EventFailed failed -> refused(shipment, failed, now);
            case DeliveryOutcome.Gone gone -> {
                condition.gone(gone.reason(), now);
                putBack(shipment.deliveries(), now);
            }
            case DeliveryOutcome.Refused refused -> {
                condition.refused(refused.reason(), refused.allow(), now);
                putBack(shipment.deliveries(), now);
            }
        }
    }

    /// What concerns the sink counts as ever; what concerns the event does not touch the ordinary run.
    private void settleEncore(DeliveryBatch shipment, DeliveryOutcome verdict, Instant now) {
        var deliveries = shipment.deliveries();
        switch (verdict) {
            case DeliveryOutcome.Delivered ignored -> {
                encore.taken(deliveries);
                condition.succeeded();
            }
            case DeliveryOutcome.SinkFailed failed -> {
                condition.failed(new Trouble(failed.reason(), failed.retryAt(), shipment.probe()), now);
                encore.putBack(deliveries);
            }
            case DeliveryOutcome.LaneBusy busy -> {
                answered(shipment, busy.reason(), now);
                encore.putBack(deliveries);
                encore.pause(busy.until());
            }
            case DeliveryOutcome.EventFailed failed -> {
                answered(shipment, failed.reason(), now);
                if (shipment.size() > 1) {
                    encore.putBack(apart(shipment));
                } else {
                    encore.refused(shipment.first(), failed, failures, now);
                }
            }
            case DeliveryOutcome.Gone gone -> {
                condition.gone(gone.reason(), now);
                encore.putBack(deliveries);
            }
            case DeliveryOutcome.Refused refused -> {
                condition.refused(refused.reason(), refused.allow(), now);
                encore.putBack(deliveries);
            }
        }
    }

    /// The sink is not free yet, but there is another probe to come.
    private void answered(DeliveryBatch shipment, String reason, Instant now) {
        if (shipment.probe()) {
            condition.eventFailed(reason, true, now);
        }
    }

    private void taken(DeliveryBatch shipment, Instant now) {
        shipment.deliveries().forEach(delivery -> backlog.taken(delivery, now));
        condition.succeeded();
        if (!backlog.isTroubled()) {
            condition.untroubled();
        }
    }

    /// Nothing is settled: its events go again.
    void putBack(DeliveryBatch shipment, Instant now) {
        if (shipment.encore()) {
            encore.putBack(shipment.deliveries());
        } else {
            putBack(shipment.deliveries(), now);
        }
    }

    /// The last first, so that the first is the next to go.
    private void putBack(List<PendingDelivery> deliveries, Instant now) {
        deliveries.reversed().forEach(delivery -> backlog.putBack(delivery, now));
    }

    /// One event among several may be at fault: none is charged, and they go again in smaller company.
    private void refused(DeliveryBatch shipment, DeliveryOutcome.EventFailed failed, Instant now) {
        condition.eventFailed(failed.reason(), shipment.probe(), now);
        if (shipment.size() > 1) {
            putBack(apart(shipment), now);
        } else {
            eventFailed(shipment.first(), failed, now);
        }
    }

    private static List<PendingDelivery> apart(DeliveryBatch shipment) {
        return shipment.deliveries().stream()
                .map(delivery -> delivery.apart(shipment.size()))
                .toList();
    }

    private void eventFailed(PendingDelivery delivery, DeliveryOutcome.EventFailed failed, Instant now) {
        switch (failures.of(delivery, failed, now)) {
            case EventFailurePolicy.Again again -> backlog.defer(delivery, again.row(), now);
            case EventFailurePolicy.Dead dead -> {
                backlog.bury(delivery, dead.letter(), now);
                dead.notice().ifPresent(ledger::tell);
            }
        }
    }
}
