package dev.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Checks that power cuts, kills, failing disks and full disks, in any order, do not lose, double or change
/// acknowledged records.
final class PowerCutTest {
    private static final int SEEDS = Integer.getInteger("tidemark.log.seeds", 1000);

    @Test
    void every_acknowledged_record_survives_cuts_kills_and_failures() {
        for (var seed = 0; seed < SEEDS; seed++) {
            try {
                new LogWorkload(seed, SimulatedDisk.Lie.NONE).run(6);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void the_workload_notices_a_disk_that_breaks_its_promises(SimulatedDisk.Lie lie) {
        assertThatThrownBy(() -> {
                    for (var seed = 0; seed < SEEDS; seed++) {
                        new LogWorkload(seed, lie).run(6);
                    }
                })
                .isInstanceOfAny(AssertionError.class, LogException.class);
    }

    @Test
    void a_segment_found_by_a_start_survives_a_later_power_cut_even_if_the_directory_was_not_forced() {
        for (var seed = 0; seed < 200; seed++) {
            var disk = new SimulatedDisk(new Random(seed), SimulatedDisk.Lie.NONE);
            var log = SegmentedLog.open(disk, LogWorkload.CONFIG, () -> Instant.EPOCH);
            disk.failAfter(4, 1); // created, written, forced, renamed
            assertThatThrownBy(() -> log.append(1, 1, 0, new byte[] {1})).isInstanceOf(LogFailedException.class);
            disk.kill();
            var shown = SegmentedLog.open(disk, LogWorkload.CONFIG, () -> Instant.EPOCH);
            assertThat(shown.newestPosition()).isEqualTo(1);
            var after = SegmentedLog.open(disk.afterPowerCut(), LogWorkload.CONFIG, () -> Instant.EPOCH);
            assertThat(after.newestPosition()).isEqualTo(1);
        }
    }

    @Test
    void a_removed_segment_does_not_return_with_the_bytes_of_its_successor() {
        for (var seed = 0; seed < 200; seed++) {
            var disk = new SimulatedDisk(new Random(seed), SimulatedDisk.Lie.NONE);
            var log = SegmentedLog.open(disk, LogWorkload.CONFIG, () -> Instant.EPOCH);
            for (var i = 1; i <= 40; i++) {
                log.append(i, 1, 0, new byte[600]);
            }
            SmallStore.cover(log);
            log.removeTo(log.segments().get(1).lastPosition(), Long.MAX_VALUE); // the rename is not forced
            disk.cutAfter(seed % 30);
            assertThatThrownBy(() -> {
                        for (var i = 41; i <= 80; i++) {
                            log.append(i, 1, 0, new byte[600]);
                        }
                    })
                    .isInstanceOf(SimulatedDisk.PowerCut.class);
            var after = SegmentedLog.open(disk.afterPowerCut(), LogWorkload.CONFIG, () -> Instant.EPOCH);
            assertThat(after.newestPosition()).isGreaterThanOrEqualTo(40);
        }
    }

    @Test
    void a_record_found_by_a_start_survives_a_later_power_cut_even_if_its_force_failed() {
        for (var seed = 0; seed < 200; seed++) {
            var disk = new SimulatedDisk(new Random(seed), SimulatedDisk.Lie.NONE);
            var log = SegmentedLog.open(disk, LogWorkload.CONFIG, () -> Instant.EPOCH);
            log.append(1, 1, 0, new byte[] {1});
            disk.failAfter(1, 1);
            assertThatThrownBy(() -> log.append(2, 1, 0, new byte[] {2})).isInstanceOf(LogFailedException.class);
            disk.kill();
            var shown = SegmentedLog.open(disk, LogWorkload.CONFIG, () -> Instant.EPOCH);
            assertThat(shown.newestPosition()).isEqualTo(2);
            shown.append(3, 1, 0, new byte[] {3});
            var after = SegmentedLog.open(disk.afterPowerCut(), LogWorkload.CONFIG, () -> Instant.EPOCH);
            assertThat(LogWorkload.records(after, 2))
                    .extracting(LogRecord::position)
                    .containsExactly(1L, 2L, 3L);
        }
    }
}
