package dev.tidemark.values;

import java.util.List;
import java.util.Optional;

/// Response message of a callback: it has the form of a response but is sent as a request (docs,
/// sendnotification).
public sealed interface NotificationMessage {
    /// Events of a subscription, at least one, in Exchange's order.
    record Notification(
            SubscriptionId subscriptionId,
            Optional<Watermark> previousWatermark,
            boolean moreEvents,
            List<MailboxEvent> events)
            implements NotificationMessage {
        public Notification {
            events = List.copyOf(events);
            if (events.isEmpty()) {
                throw new InvalidValueException("A notification holds no event; the schema asks for one at least.");
            }
        }

        /// Returns the watermark after this notification.
        public Optional<Watermark> lastWatermark() {
            return events.stream().flatMap(event -> event.watermark().stream()).reduce((former, later) -> later);
        }
    }

    /// Error callback: the subscription has ended already. It often comes without a Notification, against the
    /// schema, with the subscription's id in MessageXml.
    record Failure(Optional<SubscriptionId> subscriptionId, ResponseCode code, String text)
            implements NotificationMessage {}
}
