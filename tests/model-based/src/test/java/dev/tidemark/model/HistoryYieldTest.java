package dev.tidemark.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// Measures the processor time that each shape of histories needs to detect a fault. Takes many minutes, so only
/// `-Dmodel.yield=HISTORIES` enables it.
@Isolated("a mutation is in the whole JVM")
@EnabledIfSystemProperty(named = "tidemark.model.yield", matches = "[1-9]\\d*")
final class HistoryYieldTest {
    private static final int HISTORIES = Integer.getInteger("tidemark.model.yield", 0);
    /// Histories before the measurement, which compile the product and the model.
    private static final int WARM_UP = 10;

    /// Result of some histories of one shape.
    private record Yield(int histories, int found, Duration busy) {
        Yield with(boolean isFound, Duration more) {
            return new Yield(histories + 1, found + (isFound ? 1 : 0), busy.plus(more));
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d of %d histories, %.0f ms each, %.2f per second",
                    found,
                    histories,
                    busy.toMillis() / (double) histories,
                    found * 1000.0 / busy.toMillis());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void a_shape_finds_this_fault(ProductMutation mutation) throws InterruptedException {
        var yields = HistoryThread.start(() -> {
                    try (var undo = mutation.apply()) {
                        assertThat(undo).isNotNull();
                        run(mutation, WARM_UP);
                        return run(mutation, HISTORIES);
                    }
                })
                .result();
        yields.forEach((shape, yield) -> System.out.println("Yield " + mutation + " " + shape + ": " + yield));
        assertThat(yields.values())
                .anySatisfy(yield -> assertThat(yield.found()).isPositive());
    }

    /// Alternates between the shapes, so all of them meet the same load of the machine.
    private static Map<HistoryShape.Kind, Yield> run(ProductMutation mutation, int histories) {
        var yields = new EnumMap<HistoryShape.Kind, Yield>(HistoryShape.Kind.class);
        for (var seed = 1; seed <= histories; seed++) {
            for (var shape : HistoryShape.Kind.values()) {
                var began = processorTime();
                var isFound = isFound(seed, shape, mutation);
                var before = yields.getOrDefault(shape, new Yield(0, 0, Duration.ZERO));
                yields.put(shape, before.with(isFound, processorTime().minus(began)));
            }
        }
        return yields;
    }

    private static boolean isFound(int seed, HistoryShape.Kind shape, ProductMutation mutation) {
        try (var history = new ModelHistory(seed, shape.of(seed), mutation)) {
            return !TeethTest.notices(history).isEmpty();
        }
    }

    private static Duration processorTime() {
        return Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
    }
}
