package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.SinkName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Schedules the lanes whose events wait in rows, because one failed or its item details are pending. Chooses
/// the next event to send and records its result. Not thread-safe; guarded by the sink's lock.
final class DeferredLaneScheduler {
    private final SinkName sink;
    private final boolean inOrder;
    private final Duration patience;
    private final DetailWaitPolicy details;
    private final SinkWriteBuffer buffer;
    private final ExpiredEventReporter expired;
    private final ParkedLaneQueue parked = new ParkedLaneQueue();

    DeferredLaneScheduler(
            SinkConfig config, DetailWaitPolicy details, SinkWriteBuffer buffer, ExpiredEventReporter expired) {
        this.sink = config.name();
        this.inOrder = config.ordering() == DeliveryOrdering.MAILBOX;
        this.patience = inOrder ? config.retry().patience() : Duration.ZERO;
        this.details = details;
        this.buffer = buffer;
        this.expired = expired;
        buffer.parkedLanes().forEach(lane -> parked.park(lane.lane(), lane.nextAttemptAt()));
    }

    boolean isEmpty() {
        return parked.isEmpty();
    }

    Optional<Instant> nextDue() {
        return parked.nextDue();
    }

    /// Returns true if the event must wait for earlier events of its lane.
    boolean isBlocked(PendingDelivery delivery) {
        return inOrder && parked.contains(delivery.lane());
    }

    /// Defers an event behind the deferred events of its lane.
    void enqueueBehind(PendingDelivery delivery, Instant now) {
        buffer.defer(waitingRow(delivery, now));
        parked.onJoined(delivery.lane(), now);
    }

    /// Defers an event without counting a failure.
    void deferUntil(PendingDelivery delivery, Instant until) {
        buffer.defer(waitingRow(delivery, until));
        parked.park(delivery.lane(), until);
    }

    /// Defers a failed event of the window, together with the later events of its lane.
    void park(PendingDelivery delivery, List<PendingDelivery> behind, DeferredDelivery row, Instant now) {
        behind.forEach(each -> buffer.defer(waitingRow(each, now)));
        buffer.defer(row);
        parked.park(delivery.lane(), now);
        recordFailure(delivery);
    }

    /// Drops the lane of a forgotten mailbox, whose rows the store removes; returns the number of unsaved ones.
    int forget(String lane) {
        parked.remove(lane);
        return buffer.rows().forget(lane);
    }

    /// Returns the next event that is due and marks its lane busy.
    Optional<PendingDelivery> next(Instant now) {
        try {
            return firstOf(now);
        } finally {
            expired.report();
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
        return switch (buffer.rows().step(lane, rows -> LaneStep.of(rows, now, patience))) {
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
        var event = buffer.at(position);
        if (event.isEmpty()) {
            buffer.rows().done(position);
            if (isForgotten(lane)) {
                // the next read of the journal drops the lane, or its rows end here after a kill
                buffer.flushIfDue(now);
                parked.requeue(lane, now, false);
                return Optional.empty();
            }
            // Retention removed others of this lane too. Many rows are saved at once, so the next step does not
            // find them again.
            expired.add(1L + buffer.rows().dropUpTo(lane, buffer.oldest()));
            buffer.flushIfDue(now);
            parked.requeue(lane, now, false);
            return Optional.empty();
        }
        var checkAgainAt = details.checkAgainAt(event.get(), now);
        if (checkAgainAt.isPresent()) {
            buffer.rows().put(DeliveryLanes.withNextAttempt(send.row(), checkAgainAt.get()));
            parked.requeue(lane, checkAgainAt.get(), false);
            return Optional.empty();
        }
        if (inOrder) {
            send.overtakes().forEach(row -> buffer.rows().put(DeliveryLanes.asOvertaken(row)));
        }
        return Optional.of(
                new PendingDelivery(event.get(), lane, Optional.of(send.row()), parked.attemptsOf(lane, position), 1));
    }

    private boolean isForgotten(String lane) {
        return buffer.forgotten().stream().anyMatch(id -> id.value().equals(lane));
    }

    void onDelivered(PendingDelivery delivery, Instant now) {
        buffer.rows().done(delivery.position());
        release(delivery, now);
    }

    /// Returns an event after a failure of the sink; its row does not change.
    void requeue(PendingDelivery delivery, Instant now) {
        parked.recordAttempts(delivery.lane(), delivery.position(), delivery.trial());
        release(delivery, now);
    }

    /// Records another failure of a deferred event.
    void reschedule(PendingDelivery delivery, DeferredDelivery row, Instant now) {
        buffer.rows().put(row);
        release(delivery, now);
        recordFailure(delivery);
    }

    /// Frees the lane for its next event.
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
