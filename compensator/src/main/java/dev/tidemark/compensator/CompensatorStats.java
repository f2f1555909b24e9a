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

    void countStarted() {
        started.increment();
    }

    void countOutcome(SubscriptionOutcome outcome, CompensationAction remedy) {
        switch (outcome) {
            case SubscriptionOutcome.Subscribed ignored -> succeeded.increment();
            case SubscriptionOutcome.Resynced ignored -> {
                succeeded.increment();
                resyncs.increment();
            }
            case SubscriptionOutcome.RetryAt ignored -> countFailed(remedy);
            case SubscriptionOutcome.Failed ignored -> countFailed(remedy);
            case SubscriptionOutcome.Skipped ignored -> {}
        }
    }

    void countFailed(CompensationAction remedy) {
        switch (remedy) {
            case CompensationAction.Resubscribe mended -> countFailed(mended.reason());
            case CompensationAction.ResubscribeAndResync mended -> countFailed(mended.reason());
            case CompensationAction.ResumeResync mended -> countFailed(mended.reason());
            case CompensationAction.WaitUntil ignored -> {}
            case CompensationAction.Blocked ignored -> {}
        }
    }

    long succeeded() {
        return succeeded.sum();
    }

    void setLevels(int due, int inFlight) {
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

    private void countFailed(SubscribeReason reason) {
        failed.computeIfAbsent(reason, ignored -> new LongAdder()).increment();
    }
}
