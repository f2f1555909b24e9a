package dev.tidemark.compensator;

import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/// Counts what the compensator does. Safe for use by many threads.
final class CompensatorStats {
    private final LongAdder started = new LongAdder();
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder resyncs = new LongAdder();
    private final Map<SubscribeReason, LongAdder> failed = new ConcurrentHashMap<>();
    private volatile int due;
    private volatile int inFlight;

    void started() {
        started.increment();
    }

    void ended(SubscriptionOutcome outcome, CompensationAction remedy) {
        switch (outcome) {
            case SubscriptionOutcome.Subscribed ignored -> succeeded.increment();
            case SubscriptionOutcome.Resynced ignored -> {
                succeeded.increment();
                resyncs.increment();
            }
            case SubscriptionOutcome.RetryAt ignored -> failed(remedy);
            case SubscriptionOutcome.Failed ignored -> failed(remedy);
            case SubscriptionOutcome.Skipped ignored -> {}
        }
    }

    void failed(CompensationAction remedy) {
        switch (remedy) {
            case CompensationAction.Resubscribe mended -> failed(mended.reason());
            case CompensationAction.SubscribeAfreshAndResync mended -> failed(mended.reason());
            case CompensationAction.ResumeResync mended -> failed(mended.reason());
            case CompensationAction.NothingUntil ignored -> {}
            case CompensationAction.GiveUp ignored -> {}
        }
    }

    long helped() {
        return succeeded.sum();
    }

    void levels(int due, int inFlight) {
        this.due = due;
        this.inFlight = inFlight;
    }

    CompensatorCounters snapshot() {
        return new CompensatorCounters(
                started.sum(),
                succeeded.sum(),
                failed.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().sum())),
                resyncs.sum(),
                due,
                inFlight);
    }

    private void failed(SubscribeReason reason) {
        failed.computeIfAbsent(reason, ignored -> new LongAdder()).increment();
    }
}
