package dev.tidemark.forwarder.backlog;

import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.SinkName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The lanes of a sink whose events wait in rows, because one of them failed or is still to be told of: which
/// is the next to go, and what becomes of it. Used by one thread.
final class DeferredLaneScheduler {
    private final SinkName sink;
    private final boolean inOrder;
    private final Duration patience;
    private final DetailWaitPolicy details;
    private final SinkWriteBuffer ledger;
    private final ExpiredEventReporter losses;
    private final ParkedLaneQueue parked = new ParkedLaneQueue();

    DeferredLaneScheduler(
            SinkConfig config, DetailWaitPolicy details, SinkWriteBuffer ledger, ExpiredEventReporter losses) {
        this.sink = config.name();
        this.inOrder = config.ordering() == DeliveryOrdering.MAILBOX;
        this.patience = inOrder ? config.retry().patience() : Duration.ZERO;
        this.details = details;
        this.ledger = ledger;
        this.losses = losses;
        ledger.parkedLanes().forEach(lane -> parked.park(lane.lane(), lane.nextAttemptAt()));
    }

    boolean isEmpty() {
        return parked.isEmpty();
    }

    Optional<Instant> nextDue() {
        return parked.nextDue();
    }

    /// Whether an event has to wait because of those before it in its lane.
    boolean isBlocked(PendingDelivery delivery) {
        return inOrder && parked.contains(delivery.lane());
    }

    /// An event waits behind those of its lane.
    void enqueueBehind(PendingDelivery delivery, Instant now) {
        ledger.defer(waitingRow(delivery, now));
        parked.onJoined(delivery.lane(), now);
    }

    /// An event waits until a moment that is no failure of it.
    void deferUntil(PendingDelivery delivery, Instant until) {
        ledger.defer(waitingRow(delivery, until));
        parked.park(delivery.lane(), until);
    }

    /// An event failed that had no row, and those behind it in its lane wait with it.
    void park(PendingDelivery delivery, List<PendingDelivery> behind, DeferredDelivery row, Instant now) {
        behind.forEach(each -> ledger.defer(waitingRow(each, now)));
        ledger.defer(row);
        parked.park(delivery.lane(), now);
        recordFailure(delivery);
    }

    /// The next event that may go; its lane is then busy.
    Optional<PendingDelivery> next(Instant now) {
        try {
            return firstOf(now);
        } finally {
            losses.report();
        }
    }

    private Optional<PendingDelivery> firstOf(Instant now) {
        for (var lane = parked.pollDue(now); lane.isPresent(); lane = parked.pollDue(now)) {
            try {
                var delivery = nextOf(lane.get(), now);
                if (delivery.isPresent()) {
                    return delivery;
                }
            } catch (StoreException e) {
                parked.requeue(lane.get(), now, false);
                throw e;
            }
        }
        return Optional.empty();
    }

    private Optional<PendingDelivery> nextOf(String lane, Instant now) {
        return switch (ledger.rows().step(lane, rows -> LaneStep.of(rows, now, patience))) {
            case LaneStep.Empty ignored -> {
                parked.remove(lane);
                yield Optional.empty();
            }
            case LaneStep.Wait wait -> {
                parked.requeue(lane, wait.until(), wait.open());
                yield Optional.empty();
            }
            case LaneStep.Send send -> send(lane, send, now);
        };
    }

    private Optional<PendingDelivery> send(String lane, LaneStep.Send send, Instant now) {
        var position = send.row().position();
        var event = ledger.at(position);
        if (event.isEmpty()) {
            ledger.rows().done(position);
            // others of its lane are gone with it; saved at once where there are many, to be found no more
            losses.add(1L + ledger.rows().dropUpTo(lane, ledger.oldest()));
            ledger.flushIfDue(now);
            parked.requeue(lane, now, false);
            return Optional.empty();
        }
        var untold = details.checkAgainAt(event.get(), now);
        if (untold.isPresent()) {
            ledger.rows().put(DeliveryLanes.withNextAttempt(send.row(), untold.get()));
            parked.requeue(lane, untold.get(), false);
            return Optional.empty();
        }
        if (inOrder) {
            send.overtakes().forEach(row -> ledger.rows().put(DeliveryLanes.asOvertaken(row)));
        }
        return Optional.of(
                new PendingDelivery(event.get(), lane, Optional.of(send.row()), parked.attemptsOf(lane, position), 1));
    }

    void onDelivered(PendingDelivery delivery, Instant now) {
        ledger.rows().done(delivery.position());
        release(delivery, now);
    }

    /// The event was tried in vain and nothing of it changes.
    void requeue(PendingDelivery delivery, Instant now) {
        parked.recordAttempts(delivery.lane(), delivery.position(), delivery.trial());
        release(delivery, now);
    }

    /// The event failed once more and waits on.
    void reschedule(PendingDelivery delivery, DeferredDelivery row, Instant now) {
        ledger.rows().put(row);
        release(delivery, now);
        recordFailure(delivery);
    }

    /// The event is done with: the next of its lane may go.
    void release(PendingDelivery delivery, Instant now) {
        parked.requeue(delivery.lane(), now, false);
    }

    private void recordFailure(PendingDelivery delivery) {
        parked.recordAttempts(
                delivery.lane(), delivery.position(), delivery.trial().withFailureCharged());
    }

    private DeferredDelivery waitingRow(PendingDelivery delivery, Instant until) {
        return DeliveryLanes.row(sink, delivery, 0, until, Optional.empty());
    }
}
