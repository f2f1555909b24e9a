package dev.tidemark.subscriber;

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
final class ConnectionTally {
    private final Map<Priority, LongAdder> sent = new EnumMap<>(Priority.class);
    private final LongAdder refused = new LongAdder();
    private final LongAdder pauses = new LongAdder();
    private final LongAdder narrowings = new LongAdder();

    ConnectionTally() {
        Arrays.stream(Priority.values()).forEach(priority -> sent.put(priority, new LongAdder()));
    }

    void sent(Priority priority) {
        Objects.requireNonNull(sent.get(priority)).increment();
    }

    void refused() {
        refused.increment();
    }

    void paused() {
        pauses.increment();
    }

    void narrowed() {
        narrowings.increment();
    }

    ConnectionBudget snapshot(
            ConnectionLimits limits, Turns.Levels levels, Optional<Duration> heldBackFor, long mailboxesHeldBack) {
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

    private static Map<Priority, Long> byPriority(Function<Priority, Long> count) {
        return Arrays.stream(Priority.values()).collect(Collectors.toMap(Function.identity(), count));
    }
}
