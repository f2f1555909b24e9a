package dev.tidemark.subscriber;

import java.util.concurrent.atomic.LongAdder;

/// Counts what the subscriber does.
final class SubscriberStats {
    final LongAdder requests = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder subscribed = new LongAdder();
    final LongAdder resynced = new LongAdder();
    final LongAdder polled = new LongAdder();
    final LongAdder pauses = new LongAdder();

    SubscriberCounters snapshot() {
        return new SubscriberCounters(
                requests.sum(), refused.sum(), subscribed.sum(), resynced.sum(), polled.sum(), pauses.sum());
    }
}
