package dev.tidemark.forwarder;

import dev.tidemark.forwarder.SinkHealthPolicy.Failure;
import java.time.Instant;

/// Applies the outcome of a request to its events and to the sink's health. [SinkController] calls it. Not
/// thread-safe; guarded by the sink's lock.
final class DeliveryOutcomeHandler {
    private final SinkBacklog backlog;
    private final ReplayBacklog replays;
    private final SinkHealthTracker health;
    private final SinkWriteBuffer buffer;
    private final EventFailurePolicy failures;

    DeliveryOutcomeHandler(
            SinkController.Sources sources,
            SinkHealthTracker health,
            SinkWriteBuffer buffer,
            EventFailurePolicy failures) {
        this.backlog = sources.backlog();
        this.replays = sources.replays();
        this.health = health;
        this.buffer = buffer;
        this.failures = failures;
    }

    /// Applies an outcome to the batch and the sink.
    ///
    /// @param sent number of the latest request
    void apply(DeliveryBatch batch, DeliveryOutcome outcome, long sent, Instant now) {
        switch (outcome) {
            case DeliveryOutcome.Delivered ignored -> onDelivered(batch, now);
            case DeliveryOutcome.EventFailed failed -> onEventFailed(batch, failed, sent, now);
            case DeliveryOutcome.LaneBusy busy -> onLaneBusy(batch, busy, now);
            case DeliveryOutcome.SinkFailed failed -> {
                health.onSinkFailed(new Failure(failed.reason(), failed.retryAt(), batch.isProbe()), now);
                requeue(batch, now);
            }
            case DeliveryOutcome.Gone gone -> {
                health.onGone(gone.reason(), now);
                requeue(batch, now);
            }
            case DeliveryOutcome.Refused refused -> {
                health.onRefused(refused.reason(), refused.allow(), now);
                requeue(batch, now);
            }
        }
        if (!backlog.hasDeferred()) {
            health.clearEventError();
        }
    }

    private void onDelivered(DeliveryBatch batch, Instant now) {
        if (batch.isReplay()) {
            replays.onDelivered(batch.deliveries());
        } else {
            batch.deliveries().forEach(delivery -> backlog.onDelivered(delivery, now));
        }
        health.onSuccess();
    }

    private void onLaneBusy(DeliveryBatch batch, DeliveryOutcome.LaneBusy busy, Instant now) {
        recordEventFailure(batch, busy.reason(), now);
        if (batch.isReplay()) {
            requeue(batch, now);
            replays.pause(busy.until());
        } else if (!backlog.dropIfForgotten(batch.first(), now)) {
            // the later events of the lane wait too, including those of the same request
            backlog.defer(batch.first(), failures.busyRow(batch.first(), busy), now);
        }
    }

    /// Sends a failed batch again in smaller batches, because a single event may be at fault. Charges an event
    /// only if it was alone.
    private void onEventFailed(DeliveryBatch batch, DeliveryOutcome.EventFailed failed, long sent, Instant now) {
        recordEventFailure(batch, failed.reason(), now);
        if (batch.size() > 1) {
            requeue(batch.inSmallerBatches(), now);
        } else if (batch.isReplay()) {
            replays.onRefused(batch.first(), failed, failures, now);
        } else if (!backlog.dropIfForgotten(batch.first(), now)) {
            chargeEvent(batch.first(), failed, now);
        }
        if (failed.overload()) {
            health.onOverload(batch, sent);
        }
    }

    /// Keeps a replayed event's failure out of the sink's last error, unless the event was a probe.
    private void recordEventFailure(DeliveryBatch batch, String reason, Instant now) {
        if (!batch.isReplay() || batch.isProbe()) {
            health.onEventFailed(reason, batch.isProbe(), now);
        }
    }

    private void chargeEvent(PendingDelivery delivery, DeliveryOutcome.EventFailed failed, Instant now) {
        switch (failures.decide(delivery, failed, now)) {
            case EventFailurePolicy.Retry retry -> backlog.defer(delivery, retry.row(), now);
            case EventFailurePolicy.DeadLettered dead -> {
                backlog.deadLetter(delivery, dead.letter(), now);
                dead.notice().ifPresent(buffer::enqueueInstanceEvent);
            }
        }
    }

    /// Queues the events again without recording a result. The last goes first, so that the first event is sent
    /// first.
    void requeue(DeliveryBatch batch, Instant now) {
        if (batch.isReplay()) {
            replays.requeue(batch.deliveries());
        } else {
            batch.deliveries().reversed().forEach(delivery -> backlog.requeue(delivery, now));
        }
    }
}
