package dev.tidemark.ews.message;

import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.SubscriptionId;
import java.util.List;
import java.util.Optional;

/// One response message of GetEvents or GetStreamingEvents. `refused` names the subscriptions that an error
/// of a stream speaks of; `closed` says that the stream ends.
public record EventsMessage(
        Optional<ProtocolError> problem,
        List<Notification> notifications,
        List<SubscriptionId> refused,
        boolean closed) {}
