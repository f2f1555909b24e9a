package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.subscriber.config.SubscriberConfig;
import dev.tidemark.subscriber.connection.MonotonicTicker;
import java.time.Clock;
import java.util.Map;
import java.util.function.DoubleSupplier;

/// Creates subscribers whose jitter depends on the seed.
public final class SeededSubscribers {
    private SeededSubscribers() {}

    public static MailboxSubscriber of(
            SubscriberConfig config,
            Map<String, EwsClient> connections,
            WatermarkStore store,
            CallbackUrlFactory urls,
            Clock clock,
            DoubleSupplier random) {
        return new MailboxSubscriber(config, connections, store, urls, clock, random, MonotonicTicker.SYSTEM);
    }
}
