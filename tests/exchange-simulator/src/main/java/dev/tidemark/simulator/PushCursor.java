package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.EventRange;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.Optional;

/// Position of a push subscription in its mailbox's history. Guarded by its sender.
final class PushCursor {
    private final PushSubscription subscription;
    private final int batch;
    private long place;
    private Watermark last;
    private Instant lastSent;
    private boolean heartbeatDue;
    private boolean over;

    PushCursor(PushSubscription subscription, int batch, Instant now) {
        this.subscription = subscription;
        this.batch = batch;
        place = subscription.place();
        last = subscription.watermark();
        lastSent = now;
    }

    Instant lastSent() {
        return lastSent;
    }

    /// Requests a heartbeat as soon as there are no events to send.
    void heartbeatDue() {
        heartbeatDue = true;
    }

    /// Returns true after the history behind the cursor was forgotten. The subscription then ends; otherwise it
    /// would skip events.
    boolean isOver() {
        return over;
    }

    /// Returns the next notification. Later changes of the mailbox do not alter it.
    Optional<PushNotification> next() {
        var mailbox = subscription.mailbox();
        var stretch = mailbox.after(place, subscription::matches, batch);
        if (stretch.forgotten()) {
            over = true;
            return Optional.empty();
        }
        if (!stretch.events().isEmpty()) {
            return Optional.of(notification(stretch, stretch.last()));
        }
        // a database that was rolled back may lie behind it
        place = Math.max(place, stretch.end());
        return heartbeatDue ? Optional.of(notification(stretch, place)) : Optional.empty();
    }

    /// Moves the position behind a sent notification.
    void advance(PushNotification sent, Instant now) {
        place = sent.place();
        last = sent.last();
        lastSent = now;
        heartbeatDue = false;
    }

    private PushNotification notification(EventRange stretch, long reached) {
        var end = subscription.mailbox().watermark(reached);
        var body = NotificationWriter.write(subscription, last, end, stretch);
        return new PushNotification(body, last, end, reached, stretch.events());
    }
}
