package dev.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Checks that reads by position find the same records as a plain list.
final class PositionReadsTest {
    @Test
    void finds_the_record_that_a_list_finds() {
        for (var seed = 0; seed < 20; seed++) {
            var random = new Random(seed);
            try (var log = SmallStore.open(new SimulatedDisk(random, SimulatedDisk.Lie.NONE))) {
                for (var i = 0; i < 60; i++) {
                    var events = random.nextInt(3);
                    var payload = new byte[random.nextInt(10) == 0 ? 5000 : random.nextInt(700)];
                    log.append(log.newestPosition() + events + random.nextInt(2), events, i, payload);
                }
                var all = LogWorkload.records(log, 1);
                var order = random.ints(300, -1, (int) log.newestPosition() + 2).toArray();
                for (long position : order) {
                    assertThat(log.recordAfter(position).map(LogRecord::lsn))
                            .isEqualTo(all.stream()
                                    .filter(one -> one.events() > 0 && one.position() > position)
                                    .map(LogRecord::lsn)
                                    .findFirst());
                    assertThat(log.recordHolding(position).map(LogRecord::lsn))
                            .isEqualTo(all.stream()
                                    .filter(one -> one.holds(position))
                                    .map(LogRecord::lsn)
                                    .findFirst());
                }
                for (long position : order) {
                    var limit = 1 + random.nextInt(20);
                    var batch = log.recordsAfter(position, Long.MAX_VALUE, limit);
                    assertThat(batch).hasSizeLessThanOrEqualTo(limit);
                    assertThat(batch.stream().map(LogRecord::lsn).toList())
                            .isEqualTo(all.stream()
                                    .filter(one -> one.events() > 0 && one.position() > position)
                                    .map(LogRecord::lsn)
                                    .limit(batch.size())
                                    .toList());
                    assertThat(batch.isEmpty())
                            .isEqualTo(log.recordAfter(position).isEmpty());
                }
                for (var record : all) {
                    assertThat(LogWorkload.records(log, record.lsn()).getFirst().lsn())
                            .isEqualTo(record.lsn());
                }
            }
        }
    }

    @Test
    void a_batch_ends_with_the_wanted_number_of_events() {
        var disk = new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE);
        var log = SegmentedLog.open(disk, LogWorkload.CONFIG, () -> Instant.EPOCH);
        for (long position = 2; position <= 8; position += 2) {
            log.append(position, 2, 0, new byte[] {1});
        }
        assertThat(log.recordsAfter(0, 3, 10)).extracting(LogRecord::position).containsExactly(2L, 4L);
        assertThat(log.recordsAfter(4, 2, 10)).extracting(LogRecord::position).containsExactly(6L);
        assertThat(log.recordsAfter(5, 100, 10)).extracting(LogRecord::position).containsExactly(6L, 8L);
    }

    @Test
    void a_batch_ends_before_a_damaged_record() {
        var disk = new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE);
        var log = SegmentedLog.open(disk, LogWorkload.CONFIG, () -> Instant.EPOCH);
        for (var position = 1; position <= 3; position++) {
            log.append(position, 1, 0, new byte[] {1});
        }
        var name = "segment-00000000000000000002";
        var segment = DamageTest.bytes(disk, name);
        segment[1024 + RecordHeader.SIZE] ^= 1;
        disk.put(name, segment);
        assertThat(log.recordsAfter(0, 10, 10)).extracting(LogRecord::position).containsExactly(1L);
        assertThatThrownBy(() -> log.recordsAfter(1, 10, 10)).isInstanceOf(LogDamagedException.class);
    }

    @Test
    void a_copied_header_in_a_payload_is_not_a_record() {
        var disk = new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE);
        var log = SegmentedLog.open(disk, LogWorkload.CONFIG, () -> Instant.EPOCH);
        log.append(1, 1, 0, new byte[] {1});
        log.append(2, 1, 0, new byte[] {2});
        var segment = DamageTest.bytes(disk, "segment-00000000000000000002");
        var payload = ByteBuffer.allocate(512 - RecordHeader.SIZE + 4 * 512);
        for (var i = 0; i < 4; i++) {
            payload.put(512 - RecordHeader.SIZE + i * 512, Arrays.copyOfRange(segment, 1024, 1536));
        }
        log.append(3, 1, 0, payload.array());
        log.append(4, 1, 0, new byte[] {4});
        for (long position = 0; position < 4; position++) {
            assertThat(log.recordAfter(position).orElseThrow().lsn()).isEqualTo(position + 2);
        }
        disk.kill();
        assertThat(LogWorkload.records(SegmentedLog.open(disk, LogWorkload.CONFIG, () -> Instant.EPOCH), 2))
                .extracting(LogRecord::position)
                .containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void a_copied_header_in_a_torn_record_does_not_prove_damage() {
        var disk = new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE);
        var log = SegmentedLog.open(disk, LogWorkload.CONFIG, () -> Instant.EPOCH);
        log.append(1, 1, 0, new byte[] {1});
        log.append(2, 1, 0, new byte[] {2});
        var name = "segment-00000000000000000002";
        var segment = Arrays.copyOf(DamageTest.bytes(disk, name), 4096);
        System.arraycopy(segment, 1024, segment, 1536 + 512, 512);
        disk.put(name, segment);
        disk.kill();
        assertThat(SegmentedLog.open(disk, LogWorkload.CONFIG, () -> Instant.EPOCH)
                        .newestPosition())
                .isEqualTo(2);
    }
}
