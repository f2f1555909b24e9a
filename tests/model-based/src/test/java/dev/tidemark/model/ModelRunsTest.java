package dev.tidemark.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.compensator.DecisionRowCounter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Checks that after weeks of failures the receiver has every event once and in order.
@Execution(ExecutionMode.CONCURRENT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ModelRunsTest {
    private static final int RUNS = Integer.getInteger("tidemark.model.runs", 1000);
    /// Fewer runs, as for one seed, need not cover every kind of trouble.
    private static final int ENOUGH = 500;
    /// Histories between two printed counts, so that a long run that is ended early still shows some.
    private static final int REPORTED_AT_ONCE = 5000;

    /// Rows that only complete the table: an active subscription has a watermark, and a recent callback brings
    /// a recent one.
    private static final Set<Integer> NEVER = Set.of(14, 20);

    private static final WovenAdvice COUNTING =
            new WovenAdvice("dev.tidemark.compensator.CompensationDecisionTable", "decide", DecisionRowCounter.class);

    private static final long FIRST_SEED = Long.getLong("tidemark.model.seed", 1);
    private static final HistoryShape.Kind SHAPE =
            HistoryShape.Kind.valueOf(System.getProperty("tidemark.model.shape", "WEEKS"));

    private final Map<TroubleKind, Integer> counts = new ConcurrentHashMap<>();
    private Optional<WovenAdvice.Undo> counting = Optional.empty();
    private final AtomicInteger runs = new AtomicInteger();

    /// Seeds of histories of weeks that once ended early, because a store was closed on a failing disk.
    private static final long[] BROKE_OFF = {118, 145, 336, 622, 735, 753};

    /// Seeds of histories of days that once broke a promise. 51468: a resync overlooked a change after Exchange's
    /// clock was set back.
    private static final long[] BROKE_PROMISE = {51468};

    /// History to run. The name is what a run of this one alone needs.
    record Case(HistoryShape.Kind shape, long seed) {
        @Override
        public String toString() {
            return "seed " + seed + ", shape " + shape;
        }
    }

    static Stream<Case> cases() {
        var some = LongStream.range(FIRST_SEED, FIRST_SEED + RUNS).mapToObj(seed -> new Case(SHAPE, seed));
        return TroubleKind.DISK_FAULTS && RUNS >= ENOUGH
                ? Stream.of(
                                some,
                                cases(HistoryShape.Kind.WEEKS, BROKE_OFF),
                                cases(HistoryShape.Kind.DAYS, BROKE_PROMISE))
                        .flatMap(each -> each)
                        .distinct()
                : some;
    }

    private static Stream<Case> cases(HistoryShape.Kind shape, long... seeds) {
        return LongStream.of(seeds).mapToObj(seed -> new Case(shape, seed));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void everything_arrives_once_and_in_order(Case one) throws InterruptedException {
        assertThat(HistoryThread.start(() -> faults(one)).result())
                .as("%s", one)
                .isEmpty();
        if (runs.incrementAndGet() % REPORTED_AT_ONCE == 0) {
            report();
        }
    }

    private void report() {
        System.out.println("Model runs: " + runs.get() + " of shape " + SHAPE + ", seeds from " + FIRST_SEED + ", "
                + new TreeMap<>(counts));
    }

    private List<String> faults(Case one) {
        try (var history = new ModelHistory(one.seed(), one.shape().of(one.seed()), ProductMutation.NONE)) {
            var faults = history.run();
            history.dice().counts().forEach((happening, times) -> counts.merge(happening, times, Integer::sum));
            return faults;
        }
    }

    @BeforeAll
    void count_decisions() {
        counting = Optional.of(COUNTING.apply());
    }

    @AfterAll
    void everything_that_can_go_wrong_did() {
        counting.ifPresent(WovenAdvice.Undo::close);
        var decisions = DecisionRowCounter.counts();
        report();
        decisions.forEach((row, times) ->
                System.out.println("  " + times + " times row " + row + ": " + DecisionRowCounter.row(row)));
        if (runs.get() >= ENOUGH) {
            assertThat(counts).containsOnlyKeys(TroubleKind.possible());
            assertThat(decisions)
                    .allSatisfy((row, times) -> assertThat(times > 0 || NEVER.contains(row))
                            .as("row %s", row)
                            .isTrue());
        }
    }
}
