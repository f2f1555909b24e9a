package dev.tidemark.ews.message;

import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.SubscriptionId;
import java.time.Duration;
import java.util.List;

/// Requests the events of streaming subscriptions as they happen, at most [#MAX_SUBSCRIPTIONS] of one server.
/// Exchange ends the stream after `connectionTimeout`, in whole minutes, 1 to 30 (XSD,
/// StreamingSubscriptionConnectionTimeoutType). Requires Exchange 2010 SP1 or later.
public record GetStreamingEvents(List<SubscriptionId> subscriptions, Duration connectionTimeout) {
    /// Limit of subscriptions in one stream (docs, how-to-maintain-affinity).
    public static final int MAX_SUBSCRIPTIONS = 200;

    public GetStreamingEvents {
        subscriptions = List.copyOf(subscriptions);
        if (subscriptions.isEmpty() || subscriptions.size() > MAX_SUBSCRIPTIONS) {
            throw new InvalidValueException("A stream for " + subscriptions.size()
                    + " subscriptions is not possible; expected 1 to " + MAX_SUBSCRIPTIONS + ".");
        }
        if (connectionTimeout.toMinutes() < 1 || connectionTimeout.toMinutes() > 30) {
            throw new InvalidValueException(
                    "A stream cannot last " + connectionTimeout + "; expected 1 to 30 minutes.");
        }
    }
}
