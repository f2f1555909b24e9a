package dev.tidemark.forwarder;

import dev.tidemark.watermark.DeadLetter;
import dev.tidemark.watermark.DeferredDelivery;
import dev.tidemark.watermark.EventData.Lifecycle;
import dev.tidemark.watermark.JournalEvent;
import dev.tidemark.watermark.SinkName;
import java.time.Instant;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/// What becomes of an event that failed by its own fault.
///
/// @param chance at least 0 and less than 1, for the blur of the schedule
record Failures(SinkName sink, RetrySchedule schedule, DoubleSupplier chance) {
    sealed interface Fate {}

    record Again(DeferredDelivery row) implements Fate {}

    /// @param notice none of an event that speaks of a sink itself: two sinks that take nothing would tell each
    ///     other so for ever
    record Dead(DeadLetter letter, Optional<Notice> notice) implements Fate {}

    Fate of(Delivery delivery, Verdict.EventFailed failed, Instant now) {
        var attempts = delivery.failures() + 1;
        return schedule.after(attempts, chance.getAsDouble())
                .<Fate>map(wait -> again(delivery, failed, attempts, now, now.plus(wait)))
                .orElseGet(() -> dead(delivery, failed.reason(), attempts, now));
    }

    /// The row of an event whose mailbox the sink wants to be left alone; it costs the event nothing.
    DeferredDelivery busy(Delivery delivery, Verdict.LaneBusy busy) {
        var row = Lanes.row(sink, delivery, delivery.failures(), busy.until(), delivery.firstFailedAt());
        return Lanes.because(row, busy.reason());
    }

    private Again again(Delivery delivery, Verdict.EventFailed failed, int attempts, Instant now, Instant due) {
        var next = failed.notBefore().filter(moment -> moment.isAfter(due)).orElse(due);
        var first = Optional.of(delivery.firstFailedAt().orElse(now));
        return new Again(Lanes.because(Lanes.row(sink, delivery, attempts, next, first), failed.reason()));
    }

    Dead dead(Delivery delivery, String reason, int attempts, Instant now) {
        var letter = new DeadLetter(RandomIds.next("dl_"), sink, delivery.event(), reason, attempts, now);
        var notice = Notice.of("delivery.exhausted", sink, reason)
                .with("eventId", delivery.event().id().value())
                .with("eventType", CloudEvents.typeOf(delivery.event()))
                .with("deadLetter", letter.id())
                .with("attempts", (long) attempts);
        return new Dead(letter, Optional.of(notice).filter(told -> !speaksOfSink(delivery.event())));
    }

    private static boolean speaksOfSink(JournalEvent event) {
        return event.data() instanceof Lifecycle told
                && told.mailbox().isEmpty()
                && told.fields().containsKey(Notice.SINK);
    }
}
