package dev.tidemark.ews.message;

import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.SubscriptionId;
import java.util.List;
import java.util.Optional;

/// Response message of GetEvents or GetStreamingEvents. `refused` holds the subscriptions that a stream's error
/// names; `closed` marks the end of the stream.
public record EventsMessage(
        Optional<ProtocolError> problem,
        List<Notification> notifications,
        List<SubscriptionId> refused,
        boolean closed) {}
