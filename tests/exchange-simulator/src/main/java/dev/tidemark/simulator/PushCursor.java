package dev.tidemark.simulator;

import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.Optional;

/// How far a subscription has told its mailbox's history, and what it tells next. Guarded by its lane.
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

    /// Asks for a heartbeat as soon as there is nothing else to tell.
    void heartbeatDue() {
        heartbeatDue = true;
    }

    /// Returns true once the history that it tells was forgotten. The subscription ends then; otherwise it would
    /// pass over events that it had not told.
    boolean isOver() {
        return over;
    }

    /// The next thing to send, which the mailbox's later changes do not alter.
    Optional<PushNotification> next() {
        var mailbox = subscription.mailbox();
        var stretch = mailbox.after(place, subscription::wants, batch);
        if (stretch.forgotten()) {
            over = true;
            return Optional.empty();
        }
        if (!stretch.events().isEmpty()) {
            return Optional.of(notification(stretch, stretch.events().getLast().counter()));
        }
        // a database that was rolled back may lie behind it
        place = Math.max(place, stretch.end());
        return heartbeatDue ? Optional.of(notification(stretch, place)) : Optional.empty();
    }

    /// Goes on behind what was sent.
    void advance(PushNotification sent, Instant now) {
        place = sent.place();
        last = sent.last();
        lastSent = now;
        heartbeatDue = false;
    }

    private PushNotification notification(SimulatedMailbox.Stretch stretch, long reached) {
        var end = subscription.mailbox().watermark(reached);
        var body = NotificationWriter.write(subscription, last, end, stretch);
        return new PushNotification(body, last, end, reached, stretch.events());
    }
}
