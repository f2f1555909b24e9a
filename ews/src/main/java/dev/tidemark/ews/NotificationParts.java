package dev.tidemark.ews;

import dev.tidemark.ews.MailboxEvent.StatusEvent;
import dev.tidemark.ews.NotificationMessage.Notification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What has been read of a notification so far.
final class NotificationParts {
    Optional<SubscriptionId> subscriptionId = Optional.empty();
    Optional<Watermark> previousWatermark = Optional.empty();
    boolean moreEvents;

    private final List<MailboxEvent> events = new ArrayList<>();
    private Optional<StatusEvent> passedOver = Optional.empty();

    void add(MailboxEvent event) {
        events.add(event);
        passedOver = Optional.empty();
    }

    /// Remembers an event of a kind we do not know. Its watermark is kept if nothing later replaces it: the
    /// next notification will name it as its previous one.
    void passOver(Optional<Watermark> watermark) {
        passedOver = Optional.of(new StatusEvent(watermark.or(() -> passedOver.flatMap(StatusEvent::watermark))));
    }

    Notification notification() throws MalformedMessageException {
        if (events.isEmpty() || passedOver.flatMap(StatusEvent::watermark).isPresent()) {
            passedOver.ifPresent(events::add);
        }
        NotificationReader.require(!events.isEmpty(), "A Notification holds no event.");
        var id = subscriptionId.orElseThrow(
                () -> new MalformedMessageException("A Notification holds no SubscriptionId."));
        return new Notification(id, previousWatermark, moreEvents, events);
    }
}
