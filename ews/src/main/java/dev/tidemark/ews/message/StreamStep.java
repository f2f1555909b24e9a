package dev.tidemark.ews.message;

import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.SubscriptionId;
import java.util.List;
import java.util.Optional;

/// What a stream yields next.
public sealed interface StreamStep {
    /// An envelope arrived. It may hold no notification: then it only says that the stream lives.
    record Arrived(List<Notification> notifications) implements StreamStep {
        public Arrived {
            notifications = List.copyOf(notifications);
        }
    }

    /// Exchange serves these subscriptions no longer, and the others on. None are named where Exchange named
    /// none.
    record Lost(EwsError error, List<SubscriptionId> subscriptions) implements StreamStep {
        public Lost {
            subscriptions = List.copyOf(subscriptions);
        }
    }

    /// Nothing more comes. Without a cause, the connection timeout is over and a new stream can be opened at
    /// once; what happened in between comes on it, as long as the subscriptions live.
    record Ended(Optional<EwsError> cause) implements StreamStep {}
}
