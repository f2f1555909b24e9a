package dev.tidemark.ews.message;

import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.SubscriptionId;
import java.util.List;
import java.util.Optional;

/// Next step of a stream.
public sealed interface StreamStep {
    /// Reports an envelope. Without a notification, it shows only that the stream is alive.
    record Arrived(List<Notification> notifications) implements StreamStep {
        public Arrived {
            notifications = List.copyOf(notifications);
        }
    }

    /// Reports that Exchange stopped serving these subscriptions; the others continue. Empty if Exchange named
    /// none.
    record Lost(EwsError error, List<SubscriptionId> subscriptions) implements StreamStep {
        public Lost {
            subscriptions = List.copyOf(subscriptions);
        }
    }

    /// Reports the end of the stream. Without a cause, the connection timeout has passed and a new stream can
    /// be opened at once. It delivers the events in between if the subscriptions still exist.
    record Ended(Optional<EwsError> cause) implements StreamStep {}
}
