package dev.tidemark.subscriber.connection;

import java.util.concurrent.atomic.LongAdder;

/// Counts the requests of all connections and their results. Thread-safe.
public final class SubscriberStats {
    final LongAdder requests = new LongAdder();
    final LongAdder refused = new LongAdder();
    public final LongAdder subscribed = new LongAdder();
    public final LongAdder resynced = new LongAdder();
    public final LongAdder polled = new LongAdder();
    final LongAdder pauses = new LongAdder();

    public SubscriberCounters snapshot() {
        return new SubscriberCounters(
                requests.sum(), refused.sum(), subscribed.sum(), resynced.sum(), polled.sum(), pauses.sum());
    }
}
