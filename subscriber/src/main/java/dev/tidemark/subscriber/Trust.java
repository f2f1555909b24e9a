package dev.tidemark.subscriber;

import dev.tidemark.watermark.Degradation;
import dev.tidemark.watermark.Mailbox;
import java.time.Clock;
import java.time.Duration;

/// How long what is stored is good for.
record Trust(Duration watermarkLifetime, Duration resyncMargin, Duration retention) {
    StartingPoint startingPoint(Mailbox mailbox, Clock clock) {
        return StartingPoint.of(mailbox, clock.instant(), watermarkLifetime, resyncMargin);
    }

    /// As after a refusal: without the watermark, whatever speaks for it.
    StartingPoint afresh(Mailbox mailbox, String why) {
        var told = mailbox.watermark().map(watermark -> watermark.takenAt().minus(resyncMargin));
        return mailbox.degraded()
                .map(Degradation::since)
                .or(() -> told)
                .<StartingPoint>map(since -> new StartingPoint.AfreshAndResync(since, why))
                .orElseGet(StartingPoint.FirstTime::new);
    }
}
