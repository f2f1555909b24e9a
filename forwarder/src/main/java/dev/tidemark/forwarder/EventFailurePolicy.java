package dev.tidemark.forwarder;

import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.event.RandomIdGenerator;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.EventData.Lifecycle;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.SinkName;
import java.time.Instant;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/// Decides whether an event that failed by its own fault is retried or becomes a dead letter. Thread-safe.
///
/// @param random random number of at least 0 and less than 1, for the jitter of the schedule
record EventFailurePolicy(SinkName sink, RetrySchedule schedule, DoubleSupplier random) {
    sealed interface FailureDecision {}

    record Retry(DeferredDelivery row) implements FailureDecision {}

    /// @param notice event about the dead letter; empty if the dead event is about a sink itself, because two
    ///     failing sinks would otherwise cause each other's events forever
    record DeadLettered(DeadLetter letter, Optional<InstanceEvent> notice) implements FailureDecision {}

    FailureDecision decide(PendingDelivery delivery, DeliveryOutcome.EventFailed failed, Instant now) {
        var attempts = delivery.failures() + 1;
        return schedule.after(attempts, random.getAsDouble())
                .<FailureDecision>map(wait -> retry(delivery, failed, attempts, now, now.plus(wait)))
                .orElseGet(() -> deadLetter(delivery, failed, attempts, now));
    }

    /// Returns the row of an event whose lane the sink asked to back off from; uses up no retry.
    DeferredDelivery busyRow(PendingDelivery delivery, DeliveryOutcome.LaneBusy busy) {
        var row = DeliveryLanes.row(sink, delivery, delivery.failures(), busy.until(), delivery.firstFailedAt());
        return DeliveryLanes.withError(row, busy.reason());
    }

    private Retry retry(
            PendingDelivery delivery, DeliveryOutcome.EventFailed failed, int attempts, Instant now, Instant due) {
        var next = failed.notBefore().filter(time -> time.isAfter(due)).orElse(due);
        var first = Optional.of(delivery.firstFailedAt().orElse(now));
        return new Retry(
                DeliveryLanes.withError(DeliveryLanes.row(sink, delivery, attempts, next, first), failed.reason()));
    }

    DeadLettered deadLetter(PendingDelivery delivery, DeliveryOutcome.EventFailed failed, int attempts, Instant now) {
        var letter = new DeadLetter(
                RandomIdGenerator.next("dl_"),
                sink,
                delivery.event(),
                failed.reason(),
                attempts,
                now,
                failed.response());
        var notice = InstanceEvent.of("delivery.exhausted", sink, failed.reason())
                .with("eventId", delivery.event().id().value())
                .with("eventType", CloudEventRenderer.typeOf(delivery.event()))
                .with("deadLetter", letter.id())
                .with("attempts", (long) attempts);
        return new DeadLettered(letter, Optional.of(notice).filter(event -> !isAboutSink(delivery.event())));
    }

    private static boolean isAboutSink(JournalEvent event) {
        return event.data() instanceof Lifecycle lifecycle
                && lifecycle.mailbox().isEmpty()
                && lifecycle.fields().containsKey(InstanceEvent.SINK);
    }
}
