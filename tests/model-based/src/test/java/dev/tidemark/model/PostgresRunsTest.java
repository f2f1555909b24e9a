package dev.tidemark.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Checks some histories on PostgreSQL, where a kill of the daemon ends its sessions.
@Execution(ExecutionMode.CONCURRENT)
final class PostgresRunsTest {
    private static final int RUNS = Integer.getInteger("tidemark.model.postgres-runs", 8);
    private static final long FIRST_SEED = Long.getLong("tidemark.model.seed", 1);

    static LongStream seeds() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + RUNS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everything_arrives_once_and_in_order(long seed) throws InterruptedException {
        var faults = HistoryThread.start(() -> {
            try (var history = new ModelHistory(
                    seed, HistoryShape.weeks(14 + seed % 7), ProductMutation.NONE, new PostgresMedium())) {
                return history.run();
            }
        });
        assertThat(faults.result()).isEmpty();
    }
}
