package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.watermark.WatermarkStore;
import java.time.Clock;
import java.util.Map;
import java.util.function.DoubleSupplier;

/// Makes subscribers whose jitter is the seed's, not the machine's.
public final class Subscribers {
    private Subscribers() {}

    public static Subscriber of(
            SubscriberConfig config,
            Map<String, EwsClient> connections,
            WatermarkStore store,
            CallbackUrls urls,
            Clock clock,
            DoubleSupplier chance) {
        return new Subscriber(config, connections, store, urls, clock, chance, Ticker.SYSTEM);
    }
}
