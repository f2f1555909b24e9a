package dev.tidemark.compensator;

import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/// Live counters of the compensator. Thread-safe.
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

    void countOutcome(SubscriptionOutcome outcome, CompensationAction action) {
        switch (outcome) {
            case SubscriptionOutcome.Subscribed ignored -> succeeded.increment();
            case SubscriptionOutcome.Resynced ignored -> {
                succeeded.increment();
                resyncs.increment();
            }
            case SubscriptionOutcome.RetryAt ignored -> countFailed(action);
            case SubscriptionOutcome.Failed ignored -> countFailed(action);
            case SubscriptionOutcome.Skipped ignored -> {}
        }
    }

    void countFailed(CompensationAction action) {
        switch (action) {
            case CompensationAction.Resubscribe repair -> countFailed(repair.reason());
            case CompensationAction.ResubscribeAndResync repair -> countFailed(repair.reason());
            case CompensationAction.ResumeResync repair -> countFailed(repair.reason());
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
