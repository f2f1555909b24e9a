package dev.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Checks that the report describes every segment and snapshot, also of a running log and a damaged directory.
final class LogInspectionTest {
    @Test
    void describes_segments_and_snapshots_of_a_stopped_store() {
        var store = SmallStore.stopped(1);
        var report = LogInspection.of(store.disk());
        assertThat(report.segments())
                .hasSizeGreaterThan(4)
                .allMatch(one -> one.damagedAt().isEmpty());
        assertThat(report.segments().getFirst().firstPosition()).isZero();
        assertThat(report.segments().getLast().lastPosition()).isEqualTo(28);
        assertThat(report.snapshots())
                .extracting(LogInspection.SnapshotReport::current)
                .containsExactly(false, true);
        assertThat(report.snapshots())
                .extracting(LogInspection.SnapshotReport::position)
                .containsExactly(12L, 20L);
    }

    @Test
    void names_the_offset_of_damage() {
        var store = SmallStore.stopped(1);
        var disk = store.disk();
        var segments = LogInspection.of(disk).segments();
        var damaged = segments.get(2);
        var bytes = DamageTest.bytes(disk, damaged.file());
        bytes[512] ^= 1;
        disk.put(damaged.file(), bytes);
        var headless = segments.get(3);
        disk.put(headless.file(), new byte[512]);
        var report = LogInspection.of(disk);
        assertThat(report.segments().get(2).damagedAt()).hasValue(512);
        assertThat(report.segments().get(3).damagedAt()).hasValue(0);
        assertThat(report.segments())
                .filteredOn(one -> one.damagedAt().isPresent())
                .hasSize(2);
    }

    @Test
    void runs_beside_an_open_log() {
        var disk = new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE);
        var log = SmallStore.open(disk);
        SmallStore.fill(log, disk.random, 20);
        var report = LogInspection.of(disk);
        assertThat(report.segments().getLast().lastPosition()).isEqualTo(log.newestPosition());
        assertThat(report.segments())
                .extracting(LogInspection.SegmentReport::damagedAt)
                .containsOnly(OptionalLong.empty());
    }
}
