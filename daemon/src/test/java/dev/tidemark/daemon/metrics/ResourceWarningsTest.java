package dev.tidemark.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.CallbackIntake;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ResourceWarningsTest {
    private static final long MEBIBYTE = 1L << 20;
    private static final long LIMIT = 512 * MEBIBYTE;

    private static Optional<ResourceWarnings.Warning> disk(CallbackIntake intake, long minFree) {
        var facts = new MonitoredModules.DaemonFacts("1", "r", minFree, Duration.ZERO, Duration.ZERO, Map::of);
        return new ResourceWarnings(intake, facts, Clock.systemUTC()).disk();
    }

    @Test
    void warns_below_twice_the_limit_of_the_disk() {
        assertThat(disk(FixedDisk.withBytes(2 * LIMIT), LIMIT)).isEmpty();
        assertThat(disk(FixedDisk.withBytes(640 * MEBIBYTE), LIMIT))
                .hasValueSatisfying(warning -> assertThat(warning.cause())
                        .isEqualTo("the store's disk has 640 MiB left, and callbacks get 503 below 512 MiB"
                                + " (store.min-free)"));
    }

    @Test
    void leaves_a_full_disk_to_the_store_and_an_unknown_one_alone() {
        assertThat(disk(FixedDisk.withBytes(LIMIT - 1), LIMIT)).isEmpty();
        assertThat(disk(new FixedDisk(OptionalLong.empty()), LIMIT)).isEmpty();
        assertThat(disk(FixedDisk.withBytes(0), 0)).isEmpty();
    }
}
