package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.EventRange;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.Optional;

/// Position of a push subscription in its mailbox's history, and whether a thread sends from there. Thread-safe.
final class PushCursor {
    private final PushSubscription subscription;
    private final int batch;
    private long place;
    private Watermark last;
    private Instant lastSent;
    private boolean heartbeatDue;
    private boolean busy;
    private boolean closed;
    private boolean begun;

    PushCursor(PushSubscription subscription, int batch, Instant now) {
        this.subscription = subscription;
        this.batch = batch;
        place = subscription.place();
        last = subscription.watermark();
        lastSent = now;
    }

    synchronized boolean closed() {
        return closed;
    }

    synchronized void close() {
        closed = true;
    }

    /// Returns whether the caller may send: no other thread does, and the subscription is active.
    synchronized boolean claim() {
        var free = !busy && !closed;
        busy |= free;
        return free;
    }

    /// Lets the caller send a heartbeat as the first notification.
    synchronized void claimHeartbeat() {
        heartbeatDue = true;
        busy = true;
    }

    synchronized void release() {
        busy = false;
    }

    /// Returns whether the receiver can notice a lost notification. The first one of a chain continues nothing.
    synchronized boolean begun() {
        return begun;
    }

    synchronized Instant lastSent() {
        return lastSent;
    }

    /// Requests a heartbeat as soon as there are no events to send.
    synchronized void heartbeatDue() {
        heartbeatDue = true;
    }

    /// Returns the next notification, or releases the cursor. Both happen under one lock, so that a change between
    /// them is not delayed. Later changes of the mailbox do not alter the notification.
    synchronized Optional<PushNotification> next() {
        if (closed) {
            return Optional.empty();
        }
        var next = read();
        busy = next.isPresent();
        return next;
    }

    private Optional<PushNotification> read() {
        var mailbox = subscription.mailbox();
        var stretch = mailbox.after(place, subscription::matches, batch);
        if (stretch.forgotten()) {
            // the subscription would skip events
            closed = true;
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
    synchronized void advance(PushNotification sent, Instant now) {
        begun = true;
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
