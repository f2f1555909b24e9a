package dev.tidemark.forwarder;

import dev.tidemark.forwarder.SinkHealth.Trouble;
import java.time.Instant;
import java.util.List;

/// What becomes of the events of a request, and of the sink's condition, once it is known what its answer
/// means. Used by one thread.
final class Settlement {
    private final SinkBacklog backlog;
    private final Encore encore;
    private final SinkCondition condition;
    private final SinkLedger ledger;
    private final Failures failures;

    Settlement(SinkDesk.Supply supply, SinkCondition condition, SinkLedger ledger, Failures failures) {
        this.backlog = supply.backlog();
        this.encore = supply.encore();
        this.condition = condition;
        this.ledger = ledger;
        this.failures = failures;
    }

    /// @param sent the number of the latest request
    void settle(Shipment shipment, Verdict verdict, long sent, Instant now) {
        if (shipment.encore()) {
            settleEncore(shipment, verdict, now);
        } else {
            settleLive(shipment, verdict, now);
        }
        if (verdict instanceof Verdict.EventFailed failed && failed.overload()) {
            condition.overloaded(shipment, sent);
        }
    }

    private void settleLive(Shipment shipment, Verdict verdict, Instant now) {
        switch (verdict) {
            case Verdict.Taken ignored -> taken(shipment, now);
            case Verdict.SinkFailed failed -> {
                condition.failed(new Trouble(failed.reason(), failed.retryAt(), shipment.probe()), now);
                putBack(shipment.deliveries(), now);
            }
            case Verdict.LaneBusy busy -> {
                condition.eventFailed(busy.reason(), shipment.probe(), now);
                // those behind it in the lane wait with it, also those that were sent with it
                backlog.defer(shipment.first(), failures.busy(shipment.first(), busy), now);
            }
            case Verdict.EventFailed failed -> refused(shipment, failed, now);
            case Verdict.Gone gone -> {
                condition.gone(gone.reason(), now);
                putBack(shipment.deliveries(), now);
            }
            case Verdict.Refused refused -> {
                condition.refused(refused.reason(), refused.allow(), now);
                putBack(shipment.deliveries(), now);
            }
        }
    }

    /// What concerns the sink counts as ever; what concerns the event does not touch the ordinary run.
    private void settleEncore(Shipment shipment, Verdict verdict, Instant now) {
        var deliveries = shipment.deliveries();
        switch (verdict) {
            case Verdict.Taken ignored -> {
                encore.taken(deliveries);
                condition.succeeded();
            }
            case Verdict.SinkFailed failed -> {
                condition.failed(new Trouble(failed.reason(), failed.retryAt(), shipment.probe()), now);
                encore.putBack(deliveries);
            }
            case Verdict.LaneBusy busy -> {
                answered(shipment, busy.reason(), now);
                encore.putBack(deliveries);
                encore.pause(busy.until());
            }
            case Verdict.EventFailed failed -> {
                answered(shipment, failed.reason(), now);
                if (shipment.size() > 1) {
                    encore.putBack(apart(shipment));
                } else {
                    encore.refused(shipment.first(), failed, failures, now);
                }
            }
            case Verdict.Gone gone -> {
                condition.gone(gone.reason(), now);
                encore.putBack(deliveries);
            }
            case Verdict.Refused refused -> {
                condition.refused(refused.reason(), refused.allow(), now);
                encore.putBack(deliveries);
            }
        }
    }

    /// The sink is not free yet, but there is another probe to come.
    private void answered(Shipment shipment, String reason, Instant now) {
        if (shipment.probe()) {
            condition.eventFailed(reason, true, now);
        }
    }

    private void taken(Shipment shipment, Instant now) {
        shipment.deliveries().forEach(delivery -> backlog.taken(delivery, now));
        condition.succeeded();
        if (!backlog.isTroubled()) {
            condition.untroubled();
        }
    }

    /// Nothing is settled: its events go again.
    void putBack(Shipment shipment, Instant now) {
        if (shipment.encore()) {
            encore.putBack(shipment.deliveries());
        } else {
            putBack(shipment.deliveries(), now);
        }
    }

    /// The last first, so that the first is the next to go.
    private void putBack(List<Delivery> deliveries, Instant now) {
        deliveries.reversed().forEach(delivery -> backlog.putBack(delivery, now));
    }

    /// One event among several may be at fault: none is charged, and they go again in smaller company.
    private void refused(Shipment shipment, Verdict.EventFailed failed, Instant now) {
        condition.eventFailed(failed.reason(), shipment.probe(), now);
        if (shipment.size() > 1) {
            putBack(apart(shipment), now);
        } else {
            eventFailed(shipment.first(), failed, now);
        }
    }

    private static List<Delivery> apart(Shipment shipment) {
        return shipment.deliveries().stream()
                .map(delivery -> delivery.apart(shipment.size()))
                .toList();
    }

    private void eventFailed(Delivery delivery, Verdict.EventFailed failed, Instant now) {
        switch (failures.of(delivery, failed, now)) {
            case Failures.Again again -> backlog.defer(delivery, again.row(), now);
            case Failures.Dead dead -> {
                backlog.bury(delivery, dead.letter(), now);
                dead.notice().ifPresent(ledger::tell);
            }
        }
    }
}
