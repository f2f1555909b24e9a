package dev.tidemark.subscriber;

import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.values.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Starting point of a new subscription of a mailbox.
sealed interface StartingPoint {
    /// Failures from one watermark after which it is not used again.
    int MAX_FAILURES = 2;

    /// The mailbox has no stored watermark.
    record FirstTime() implements StartingPoint {}

    record FromWatermark(StoredWatermark stored) implements StartingPoint {}

    /// The watermark cannot be used: subscribe without it, then resync the changes since `since`.
    record WithoutWatermark(Instant since, String why) implements StartingPoint {}

    /// Push has not worked for long: subscribe without the watermark to test push. Polls or streams recover
    /// missed events meanwhile, and a replay would announce them twice.
    record Probe() implements StartingPoint {}

    /// Chooses the starting point from the stored state of the mailbox. Uses the watermark if it is younger than
    /// `lifetime`, has failed less than twice, and no resync is requested.
    static StartingPoint of(Mailbox mailbox, Instant now, Duration lifetime, Duration margin) {
        if (mailbox.degraded().isPresent()) {
            return mailbox.due().filter(PendingCompensation::resync).isPresent()
                    ? new WithoutWatermark(mailbox.degraded().get().since(), "a resync is requested")
                    : new Probe();
        }
        var watermark = mailbox.watermark();
        if (watermark.isEmpty()) {
            return new FirstTime();
        }
        var since = watermark.get().takenAt().minus(margin);
        if (mailbox.due().map(PendingCompensation::resync).orElse(false)) {
            return new WithoutWatermark(since, "a resync is requested");
        }
        if (mailbox.failuresFromWatermark() >= MAX_FAILURES) {
            return new WithoutWatermark(since, "the watermark failed " + mailbox.failuresFromWatermark() + " times");
        }
        if (watermark.get().takenAt().plus(lifetime).isBefore(now)) {
            return new WithoutWatermark(since, "the watermark is older than its lifetime");
        }
        return new FromWatermark(watermark.get());
    }

    /// Returns the watermark for the request.
    default Optional<Watermark> watermark() {
        return switch (this) {
            case FromWatermark from -> Optional.of(from.stored().value());
            case FirstTime ignored -> Optional.empty();
            case Probe ignored -> Optional.empty();
            case WithoutWatermark ignored -> Optional.empty();
        };
    }
}
