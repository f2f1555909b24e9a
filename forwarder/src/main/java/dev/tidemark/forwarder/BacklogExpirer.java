package dev.tidemark.forwarder;

import java.time.Duration;
import java.time.Instant;

/// Drops events that retention removed from the journal while a sink is behind, whether they were read or not.
/// [SinkJournalReader] calls it, so a loss is reported when it happens and not when the sink recovers. Not
/// thread-safe; guarded by the sink's lock.
final class BacklogExpirer {
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private final SinkWriteBuffer buffer;
    private final DeliveryWindow window;
    private final ExpiredEventReporter expired;
    private Instant next = Instant.MIN;

    BacklogExpirer(SinkWriteBuffer buffer, DeliveryWindow window, ExpiredEventReporter expired) {
        this.buffer = buffer;
        this.window = window;
        this.expired = expired;
    }

    /// Checks at most once per second and leaves events in flight alone.
    ///
    /// @throws dev.tidemark.store.StoreException if the store cannot be read
    void expireIfDue(Instant now) {
        if (next.isAfter(now)) {
            return;
        }
        next = now.plus(CHECK_INTERVAL);
        var oldest = buffer.oldest();
        for (var gone : window.removeUpTo(oldest)) {
            buffer.progress().done(gone.position());
            expired.add(1);
        }
        expired.add(buffer.skip(oldest));
        expired.report();
    }
}
