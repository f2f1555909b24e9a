package dev.tidemark.subscriber.connection;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Counts what became of one connection's requests.
final class ConnectionStats {
    private final Map<RequestPriority, LongAdder> sent = new EnumMap<>(RequestPriority.class);
    private final LongAdder refused = new LongAdder();
    private final LongAdder pauses = new LongAdder();
    private final LongAdder narrowings = new LongAdder();

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
        narrowings.increment();
    }

    ConnectionBudget snapshot(
            ConnectionLimits limits,
            RequestScheduler.QueueLevels levels,
            Optional<Duration> heldBackFor,
            long mailboxesHeldBack) {
        return new ConnectionBudget(
                limits,
                levels.underWay(),
                levels.allowed(),
                byPriority(each -> (long) levels.waiting().getOrDefault(each, 0)),
                heldBackFor,
                mailboxesHeldBack,
                byPriority(each -> Objects.requireNonNull(sent.get(each)).sum()),
                refused.sum(),
                pauses.sum(),
                narrowings.sum());
    }

    private static Map<RequestPriority, Long> byPriority(Function<RequestPriority, Long> count) {
        return Arrays.stream(RequestPriority.values()).collect(Collectors.toMap(Function.identity(), count));
    }
}
