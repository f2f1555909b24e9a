package dev.tidemark.subscriber;

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
        return mailbox.watermark()
                .<StartingPoint>map(watermark ->
                        new StartingPoint.AfreshAndResync(watermark.takenAt().minus(resyncMargin), why))
                .orElseGet(StartingPoint.FirstTime::new);
    }
}
