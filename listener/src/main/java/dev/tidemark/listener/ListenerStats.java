package dev.tidemark.listener;

import dev.tidemark.values.DurationHistogram;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Live counters of the listener. Thread-safe.
final class ListenerStats {
    final LongAdder received = new LongAdder();
    final LongAdder acknowledged = new LongAdder();
    final LongAdder unsubscribed = new LongAdder();
    final LongAdder events = new LongAdder();
    final LongAdder duplicates = new LongAdder();
    final LongAdder heartbeats = new LongAdder();
    final LongAdder gaps = new LongAdder();
    final LongAdder ended = new LongAdder();
    final LongAdder batches = new LongAdder();
    final LongAdder storeFailures = new LongAdder();
    final LongAdder faults = new LongAdder();
    final DurationHistogram acknowledgements = DurationHistogram.ofOperations();

    private final Map<RejectionReason, LongAdder> refused = new EnumMap<>(RejectionReason.class);

    ListenerStats() {
        Arrays.stream(RejectionReason.values()).forEach(reason -> refused.put(reason, new LongAdder()));
    }

    void countRefused(RejectionReason reason) {
        refused.computeIfAbsent(reason, ignored -> new LongAdder()).increment();
    }

    ListenerCounters snapshot(int inFlight, int connections) {
        var reasons = new LinkedHashMap<String, Long>();
        refused.forEach((reason, count) -> reasons.put(reason.label(), count.sum()));
        return new ListenerCounters(
                received.sum(),
                acknowledged.sum(),
                unsubscribed.sum(),
                reasons,
                events.sum(),
                duplicates.sum(),
                heartbeats.sum(),
                gaps.sum(),
                ended.sum(),
                batches.sum(),
                storeFailures.sum(),
                faults.sum(),
                inFlight,
                connections,
                acknowledgements.reading());
    }
}
