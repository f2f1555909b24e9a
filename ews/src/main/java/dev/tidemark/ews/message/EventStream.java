package dev.tidemark.ews.message;

import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.SubscriptionId;
import java.util.List;
import java.util.Optional;

/// Stream of the events of streaming subscriptions, in Exchange's order. One thread reads; any thread may
/// close.
public interface EventStream extends AutoCloseable {
    /// Waits for the next envelope. Never throws for a failure of the server or the network. After
    /// [StreamStep.Ended] it returns that step again. An interrupt ends the wait of a virtual thread, and with
    /// it the stream. A platform thread waits until [#close].
    StreamStep next();

    /// Ends the stream and any wait in [#next]. The subscriptions continue to exist for a while.
    @Override
    void close();

    /// Next step of a stream.
    sealed interface StreamStep {
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
}
