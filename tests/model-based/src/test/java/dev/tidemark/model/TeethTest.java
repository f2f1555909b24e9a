package dev.tidemark.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// Proves that the runs detect these faults, because a suite that cannot fail proves nothing.
@Isolated("a mutation is in the whole JVM")
final class TeethTest {
    private static final int MAX_SEEDS = 150;
    private static final HistoryShape SHAPE = HistoryShape.weeks(21);

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void a_daemon_with_this_fault_is_found_out(ProductMutation mutation) throws InterruptedException {
        try (var undo = mutation.apply()) {
            assertThat(undo).isNotNull();
            var found = faults(mutation);
            assertThat(found).as("no seed up to %s noticed it", MAX_SEEDS).isNotEmpty();
            System.out.println("Mutation " + mutation + ": " + found.firstEntry());
        }
    }

    /// Returns complaints by seed, from two histories at a time until one has some.
    private static NavigableMap<Integer, List<String>> faults(ProductMutation mutation) throws InterruptedException {
        var found = new ConcurrentSkipListMap<Integer, List<String>>();
        var seeds = new AtomicInteger();
        Callable<Boolean> search = () -> {
            for (var seed = seeds.incrementAndGet();
                    seed <= MAX_SEEDS && found.isEmpty();
                    seed = seeds.incrementAndGet()) {
                live(seed, mutation, found);
            }
            return true;
        };
        var one = HistoryThread.start(search);
        var other = HistoryThread.start(search);
        one.result();
        other.result();
        return found;
    }

    private static void live(int seed, ProductMutation mutation, Map<Integer, List<String>> found) {
        try (var history = new ModelHistory(seed, SHAPE, mutation)) {
            var faults = notices(history);
            if (!faults.isEmpty()) {
                found.put(seed, faults);
            }
        }
    }

    /// Runs a history with a mutation; returns the complaints about it. No mutation affects the connection, so such
    /// complaints alone prove nothing.
    static List<String> notices(ModelHistory history) {
        return history.run().stream()
                .filter(fault -> !fault.startsWith(PromiseChecker.CONNECTION_BLAMED))
                .toList();
    }
}
