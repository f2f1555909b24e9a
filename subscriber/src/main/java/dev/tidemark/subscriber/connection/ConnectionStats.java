package dev.tidemark.subscriber.connection;

import dev.tidemark.subscriber.config.ConnectionLimits;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Counts the requests of one connection and their results. Thread-safe.
final class ConnectionStats {
    private final Map<RequestPriority, LongAdder> sent = new EnumMap<>(RequestPriority.class);
    private final LongAdder refused = new LongAdder();
    private final LongAdder pauses = new LongAdder();
    private final LongAdder limitReductions = new LongAdder();

    ConnectionStats() {
        Arrays.stream(RequestPriority.values()).forEach(priority -> sent.put(priority, new LongAdder()));
    }

    void countSent(RequestPriority priority) {
        Objects.requireNonNull(sent.get(priority)).increment();
    }

    void countRefused() {
        refused.increment();
    }

    void countPause() {
        pauses.increment();
    }

    void countLimitReduction() {
        limitReductions.increment();
    }

    ConnectionBudget snapshot(
            ConnectionLimits limits,
            RequestScheduler.QueueLevels levels,
            Optional<Duration> backoffLeft,
            long mailboxesInBackoff) {
        return new ConnectionBudget(
                limits,
                levels.inFlight(),
                levels.allowed(),
                byPriority(each -> (long) levels.waiting().getOrDefault(each, 0)),
                backoffLeft,
                mailboxesInBackoff,
                byPriority(each -> Objects.requireNonNull(sent.get(each)).sum()),
                refused.sum(),
                pauses.sum(),
                limitReductions.sum());
    }

    private static Map<RequestPriority, Long> byPriority(Function<RequestPriority, Long> count) {
        return Arrays.stream(RequestPriority.values()).collect(Collectors.toMap(Function.identity(), count));
    }
}
