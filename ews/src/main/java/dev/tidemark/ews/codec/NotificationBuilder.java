package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.values.MailboxEvent;
import dev.tidemark.values.MailboxEvent.StatusEvent;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.SkipReason;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Collects the parts of a notification while [NotificationElementReader] reads it. Not thread-safe.
final class NotificationBuilder {
    Optional<SubscriptionId> subscriptionId = Optional.empty();
    Optional<Watermark> previousWatermark = Optional.empty();
    boolean moreEvents;

    private final SkipTally skips;
    private final List<MailboxEvent> events = new ArrayList<>();
    private Optional<StatusEvent> skippedEvent = Optional.empty();

    NotificationBuilder(SkipTally skips) {
        this.skips = skips;
    }

    void add(MailboxEvent event) {
        events.add(event);
        skippedEvent = Optional.empty();
    }

    /// Keeps the watermark of an event that cannot be understood, unless a later event replaces it. The next
    /// notification names it as its previous one.
    void skipEvent(Optional<Watermark> watermark) {
        skippedEvent = Optional.of(new StatusEvent(watermark.or(() -> skippedEvent.flatMap(StatusEvent::watermark))));
    }

    /// Returns the notification; empty without a valid SubscriptionId. Without a readable event it is a
    /// heartbeat.
    Optional<Notification> notification() {
        if (events.isEmpty() && skippedEvent.isEmpty()) {
            skips.count(SkipReason.MISSING_OBJECT);
            skippedEvent = Optional.of(new StatusEvent(Optional.empty()));
        }
        if (events.isEmpty() || skippedEvent.flatMap(StatusEvent::watermark).isPresent()) {
            skippedEvent.ifPresent(events::add);
        }
        return skips.counted(subscriptionId, SkipReason.MISSING_ID)
                .map(id -> new Notification(id, previousWatermark, moreEvents, events));
    }
}
