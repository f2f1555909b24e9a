package dev.tidemark.forwarder.backlog;

import java.time.Duration;
import java.time.Instant;

/// Has a sink that is far behind let go of events that the journal does not keep any more, read or not, while
/// it is behind: so that they are told of when they are lost, not when the sink is back. Used by one thread.
final class BacklogExpirer {
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private final SinkWriteBuffer ledger;
    private final DeliveryWindow window;
    private final ExpiredEventReporter losses;
    private Instant next = Instant.MIN;

    BacklogExpirer(SinkWriteBuffer ledger, DeliveryWindow window, ExpiredEventReporter losses) {
        this.ledger = ledger;
        this.window = window;
        this.losses = losses;
    }

    /// Looks now and then; what is under way is left to its answer.
    ///
    /// @throws dev.tidemark.store.StoreException if the store cannot be read
    void expireIfDue(Instant now) {
        if (next.isAfter(now)) {
            return;
        }
        next = now.plus(CHECK_INTERVAL);
        var oldest = ledger.oldest();
        for (var gone : window.removeUpTo(oldest)) {
            ledger.progress().done(gone.position());
            losses.add(1);
        }
        losses.add(ledger.progress().skip(oldest));
        losses.report();
    }
}
