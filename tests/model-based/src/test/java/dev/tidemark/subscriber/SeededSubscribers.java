package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.subscriber.connection.MonotonicTicker;
import java.time.Clock;
import java.util.Map;
import java.util.function.DoubleSupplier;

/// Makes subscribers whose jitter is the seed's, not the machine's.
public final class SeededSubscribers {
    private SeededSubscribers() {}

    public static MailboxSubscriber of(
            SubscriberConfig config,
            Map<String, EwsClient> connections,
            WatermarkStore store,
            CallbackUrlFactory urls,
            Clock clock,
            DoubleSupplier chance) {
        return new MailboxSubscriber(config, connections, store, urls, clock, chance, MonotonicTicker.SYSTEM);
    }
}
