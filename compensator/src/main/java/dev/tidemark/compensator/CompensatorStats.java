package dev.tidemark.compensator;

import dev.tidemark.compensator.CompensatorCounters.RepairOutcome;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Live counters of the compensator. Thread-safe.
final class CompensatorStats {
    private static final String RESUBSCRIBE = "resubscribe";
    private static final String RESYNC = "resync";
    private static final String RESUME_RESYNC = "resume-resync";
    private static final String SUCCEEDED = "succeeded";
    private static final String RETRY = "retry";
    private static final String FAILED = "failed";
    private static final String SKIPPED = "skipped";

    private final Map<RepairOutcome, LongAdder> outcomes = Stream.of(RESUBSCRIBE, RESYNC, RESUME_RESYNC)
            .flatMap(action ->
                    Stream.of(SUCCEEDED, RETRY, FAILED, SKIPPED).map(outcome -> new RepairOutcome(action, outcome)))
            .collect(Collectors.toUnmodifiableMap(each -> each, each -> new LongAdder()));
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
        count(action, label(outcome));
        switch (outcome) {
            case SubscriptionOutcome.Subscribed ignored -> succeeded.increment();
            case SubscriptionOutcome.Resynced ignored -> {
                succeeded.increment();
                resyncs.increment();
            }
            case SubscriptionOutcome.RetryAt ignored -> countReason(action);
            case SubscriptionOutcome.Failed ignored -> countReason(action);
            case SubscriptionOutcome.Skipped ignored -> {}
        }
    }

    private static String label(SubscriptionOutcome outcome) {
        return switch (outcome) {
            case SubscriptionOutcome.Subscribed ignored -> SUCCEEDED;
            case SubscriptionOutcome.Resynced ignored -> SUCCEEDED;
            case SubscriptionOutcome.RetryAt ignored -> RETRY;
            case SubscriptionOutcome.Failed ignored -> FAILED;
            case SubscriptionOutcome.Skipped ignored -> SKIPPED;
        };
    }

    /// Counts a repair that ended with an unexpected error and is tried again.
    void countFailed(CompensationAction action) {
        count(action, RETRY);
        countReason(action);
    }

    private void count(CompensationAction action, String outcome) {
        label(action)
                .flatMap(name -> Optional.ofNullable(outcomes.get(new RepairOutcome(name, outcome))))
                .ifPresent(LongAdder::increment);
    }

    private static Optional<String> label(CompensationAction action) {
        return switch (action) {
            case CompensationAction.Resubscribe ignored -> Optional.of(RESUBSCRIBE);
            case CompensationAction.ResubscribeAndResync ignored -> Optional.of(RESYNC);
            case CompensationAction.ResumeResync ignored -> Optional.of(RESUME_RESYNC);
            case CompensationAction.WaitUntil ignored -> Optional.empty();
            case CompensationAction.Blocked ignored -> Optional.empty();
        };
    }

    private void countReason(CompensationAction action) {
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
                started.sum(), succeeded.sum(), sums(failed), sums(outcomes), resyncs.sum(), due, inFlight);
    }

    private static <K> Map<K, Long> sums(Map<K, LongAdder> counters) {
        return counters.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().sum()));
    }

    private void countFailed(SubscribeReason reason) {
        failed.computeIfAbsent(reason, ignored -> new LongAdder()).increment();
    }
}
