package dev.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Checks that a log refuses appends while its disk fails or is full, and continues after the repair.
final class LogFailingDiskTest {
    private final SimulatedDisk disk = new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE);
    private Instant now = Instant.EPOCH;
    private final SegmentedLog log = SegmentedLog.open(disk, LogWorkload.CONFIG, () -> now);

    @Test
    void a_full_disk_stops_appends_until_there_is_room() {
        log.append(1, 1, 0, new byte[] {1});
        disk.fill(0);
        assertThatThrownBy(() -> log.append(2, 1, 0, new byte[5000]))
                .isInstanceOf(LogFailedException.class)
                .hasMessageContaining("No space left on device");
        assertThatThrownBy(() -> log.append(2, 1, 0, new byte[] {2})).isInstanceOf(LogFailedException.class);
        assertThatThrownBy(log::repair).isInstanceOf(LogFailedException.class);
        assertThat(log.hasFailed()).isTrue();
        assertThat(disk.list()).noneMatch(name -> name.endsWith(".tmp"));
        disk.heal();
        log.repair();
        log.append(2, 1, 0, new byte[] {2});
        assertThat(LogWorkload.records(log, 2)).extracting(LogRecord::lsn).containsExactly(2L, 3L, 4L);
        assertThat(log.newestPosition()).isEqualTo(2);
    }

    @Test
    void a_repair_discards_the_failed_record() {
        log.append(1, 1, 0, new byte[] {1});
        disk.failAfter(1, 1); // the force, after the write
        assertThatThrownBy(() -> log.append(2, 1, 0, new byte[] {2})).isInstanceOf(LogFailedException.class);
        log.repair();
        disk.kill();
        var again = SegmentedLog.open(disk, LogWorkload.CONFIG, () -> now);
        assertThat(again.newestPosition()).isEqualTo(1);
        assertThat(LogWorkload.records(again, 2))
                .extracting(one -> one.payload().length)
                .containsExactly(1, 0);
    }

    @Test
    void a_removed_segment_is_used_again_when_the_disk_is_full() {
        for (var i = 1; i <= 60; i++) {
            log.append(i, 1, 0, new byte[600]);
        }
        SmallStore.cover(log);
        log.removeTo(40, 40);
        assertThat(disk.list()).anyMatch(name -> name.startsWith("spare-"));
        disk.fill(0);
        now = now.plus(Duration.ofDays(1)); // a new segment is due
        log.append(61, 1, 0, new byte[600]);
        assertThat(log.recordHolding(61)).isPresent();
    }

    @Test
    void a_segment_ends_at_the_age_limit() {
        log.append(1, 1, 0, new byte[] {1});
        now = now.plus(LogWorkload.CONFIG.segmentAge());
        log.append(2, 1, 0, new byte[] {2});
        assertThat(log.segments()).hasSize(3);
        SmallStore.cover(log);
        log.removeTo(1, 3);
        assertThat(log.segments()).hasSize(1);
        assertThat(log.oldest().orElseThrow().position()).isEqualTo(2);
    }

    @Test
    void removal_keeps_positions_and_records_that_are_needed() {
        for (var i = 1; i <= 60; i++) {
            log.append(i, 1, 0, new byte[600]);
        }
        log.removeTo(30, Long.MAX_VALUE);
        assertThat(log.segments().getFirst().firstLsn())
                .as("no snapshot replaces the records")
                .isEqualTo(1);
        SmallStore.cover(log);
        log.removeTo(30, Long.MAX_VALUE);
        assertThat(log.segments().getFirst().lastPosition()).isGreaterThan(30);
        assertThat(log.segments().getFirst().positionBefore()).isLessThanOrEqualTo(30);
        var first = log.segments().getFirst();
        log.removeTo(Long.MAX_VALUE, first.lastLsn());
        assertThat(log.segments().getFirst()).isEqualTo(first);
        log.removeTo(Long.MAX_VALUE, Long.MAX_VALUE);
        assertThat(log.segments()).hasSize(1);
    }

    @Test
    void positions_must_follow_each_other() {
        log.append(5, 1, 0, new byte[] {1});
        assertThatThrownBy(() -> log.append(4, 0, 0, new byte[] {1})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> log.append(6, 2, 0, new byte[] {1})).isInstanceOf(IllegalArgumentException.class);
        assertThat(log.hasFailed()).isFalse();
    }

    @Test
    void an_old_snapshot_that_cannot_be_removed_is_removed_with_the_next() {
        SmallStore.cover(log);
        log.append(log.newestPosition(), 0, 0, new byte[] {2});
        var older = log.newestLsn() - 1;
        try (var writer = log.snapshots().write(log.newestLsn(), log.newestPosition(), 0)) {
            disk.failAfter(
                    4, 1); // the deletion, after the end of the snapshot, its force, the rename and the next force
            writer.complete();
        }
        assertThat(log.snapshots().lsns()).hasSize(3);
        assertThat(log.snapshots().coveredLsn()).isEqualTo(older);
        log.append(log.newestPosition(), 0, 0, new byte[] {3});
        SmallStore.cover(log);
        assertThat(log.snapshots().lsns()).hasSize(2);
    }
}
