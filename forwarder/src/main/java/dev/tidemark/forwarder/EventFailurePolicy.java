package dev.tidemark.forwarder;

import dev.tidemark.forwarder.backlog.DeliveryLanes;
import dev.tidemark.forwarder.backlog.PendingDelivery;
import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.event.InstanceEvent;
import dev.tidemark.forwarder.event.RandomIdGenerator;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.EventData.Lifecycle;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.SinkName;
import java.time.Instant;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/// What becomes of an event that failed by its own fault.
///
/// @param chance at least 0 and less than 1, for the blur of the schedule
record EventFailurePolicy(SinkName sink, RetrySchedule schedule, DoubleSupplier chance) {
    sealed interface FailureDecision {}

    record Retry(DeferredDelivery row) implements FailureDecision {}

    /// @param notice none of an event that speaks of a sink itself: two sinks that take nothing would tell each
    ///     other so for ever
    record DeadLettered(DeadLetter letter, Optional<InstanceEvent> notice) implements FailureDecision {}

    FailureDecision decide(PendingDelivery delivery, DeliveryOutcome.EventFailed failed, Instant now) {
        var attempts = delivery.failures() + 1;
        return schedule.after(attempts, chance.getAsDouble())
                .<FailureDecision>map(wait -> retry(delivery, failed, attempts, now, now.plus(wait)))
                .orElseGet(() -> deadLetter(delivery, failed.reason(), attempts, now));
    }

    /// The row of an event whose mailbox the sink wants to be left alone; it costs the event nothing.
    DeferredDelivery busyRow(PendingDelivery delivery, DeliveryOutcome.LaneBusy busy) {
        var row = DeliveryLanes.row(sink, delivery, delivery.failures(), busy.until(), delivery.firstFailedAt());
        return DeliveryLanes.withError(row, busy.reason());
    }

    private Retry retry(
            PendingDelivery delivery, DeliveryOutcome.EventFailed failed, int attempts, Instant now, Instant due) {
        var next = failed.notBefore().filter(moment -> moment.isAfter(due)).orElse(due);
        var first = Optional.of(delivery.firstFailedAt().orElse(now));
        return new Retry(
                DeliveryLanes.withError(DeliveryLanes.row(sink, delivery, attempts, next, first), failed.reason()));
    }

    DeadLettered deadLetter(PendingDelivery delivery, String reason, int attempts, Instant now) {
        var letter = new DeadLetter(RandomIdGenerator.next("dl_"), sink, delivery.event(), reason, attempts, now);
        var notice = InstanceEvent.of("delivery.exhausted", sink, reason)
                .with("eventId", delivery.event().id().value())
                .with("eventType", CloudEventRenderer.typeOf(delivery.event()))
                .with("deadLetter", letter.id())
                .with("attempts", (long) attempts);
        return new DeadLettered(letter, Optional.of(notice).filter(told -> !isAboutSink(delivery.event())));
    }

    private static boolean isAboutSink(JournalEvent event) {
        return event.data() instanceof Lifecycle told
                && told.mailbox().isEmpty()
                && told.fields().containsKey(InstanceEvent.SINK);
    }
}
