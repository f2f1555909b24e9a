package dev.tidemark.subscriber;

import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.PushDegradation;
import java.time.Clock;
import java.time.Duration;

/// Limits the age of stored watermarks and journal entries. Immutable.
record StalenessPolicy(Duration watermarkLifetime, Duration resyncMargin, Duration retention) {
    public StartingPoint startingPoint(Mailbox mailbox, Clock clock) {
        return StartingPoint.of(mailbox, clock.instant(), watermarkLifetime, resyncMargin);
    }

    /// Returns the starting point after a refused watermark, even if the watermark looks valid.
    public StartingPoint withoutWatermark(Mailbox mailbox, String reason) {
        var watermarkTime =
                mailbox.watermark().map(watermark -> watermark.takenAt().minus(resyncMargin));
        return mailbox.degraded()
                .map(PushDegradation::since)
                .or(() -> watermarkTime)
                .<StartingPoint>map(since -> new StartingPoint.WithoutWatermark(since, reason))
                .orElseGet(StartingPoint.FirstTime::new);
    }
}
