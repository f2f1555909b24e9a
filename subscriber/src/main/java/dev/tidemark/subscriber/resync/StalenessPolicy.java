package dev.tidemark.subscriber.resync;

import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.PushDegradation;
import java.time.Clock;
import java.time.Duration;

/// How long what is stored is good for.
public record StalenessPolicy(Duration watermarkLifetime, Duration resyncMargin, Duration retention) {
    public StartingPoint startingPoint(Mailbox mailbox, Clock clock) {
        return StartingPoint.of(mailbox, clock.instant(), watermarkLifetime, resyncMargin);
    }

    /// As after a refusal: without the watermark, whatever speaks for it.
    public StartingPoint withoutWatermark(Mailbox mailbox, String why) {
        var told = mailbox.watermark().map(watermark -> watermark.takenAt().minus(resyncMargin));
        return mailbox.degraded()
                .map(PushDegradation::since)
                .or(() -> told)
                .<StartingPoint>map(since -> new StartingPoint.WithoutWatermark(since, why))
                .orElseGet(StartingPoint.FirstTime::new);
    }
}
