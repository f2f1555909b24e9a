package dev.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;

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
                for (var record : all) {
                    assertThat(LogWorkload.records(log, record.lsn()).getFirst().lsn())
                            .isEqualTo(record.lsn());
                }
            }
        }
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
