package dev.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.interleaving.ThreadSchedules;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Runs an appender, readers, the timer that seals and the retention of one log under many schedules.
final class LogInterleavingTest {
    private static final LogConfig SMALL = new LogConfig(2 << 10, 512, Duration.ofDays(1), Long.MAX_VALUE, 1);

    private static SegmentedLog open() {
        return SegmentedLog.open(new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE), SMALL, () -> Instant.EPOCH);
    }

    private static void append(SegmentedLog log, int count, int bytes) {
        for (var i = 0; i < count; i++) {
            log.append(log.newestPosition() + 1, 1, 0, new byte[bytes]);
        }
    }

    @Test
    void a_reader_sees_all_that_was_acknowledged_before_it_began() {
        ThreadSchedules.explore(() -> {
            try (var log = open()) {
                ThreadSchedules.together(() -> append(log, 3, 100), () -> readAll(log), () -> {
                    log.sealIfIdle();
                    readPositions(log);
                });
                assertThat(log.newestPosition()).isEqualTo(3);
                readAll(log);
            }
        });
    }

    private static void readAll(SegmentedLog log) {
        var acknowledged = log.newestLsn();
        var last = 0L;
        try (var cursor = log.readFrom(1)) {
            for (var next = cursor.next(); next.isPresent(); next = cursor.next()) {
                assertThat(next.get().lsn()).isEqualTo(last + 1);
                last = next.get().lsn();
            }
        }
        assertThat(last).isGreaterThanOrEqualTo(acknowledged);
    }

    private static void readPositions(SegmentedLog log) {
        var acknowledged = log.newestPosition();
        for (var position = 1L; position <= acknowledged; position++) {
            assertThat(log.recordHolding(position)).isPresent();
        }
    }

    @Test
    void retention_and_compaction_take_nothing_from_a_reader_of_positions() {
        ThreadSchedules.explore(() -> {
            try (var log = open()) {
                append(log, 5, 600);
                SmallStore.cover(log);
                append(log, 1, 600);
                ThreadSchedules.together(
                        () -> append(log, 2, 600),
                        () -> {
                            log.compact(log.segments().get(1).firstLsn(), record -> Optional.of(record.payload()));
                            log.removeTo(2, Long.MAX_VALUE);
                        },
                        () -> {
                            for (var position = 3L; position <= 6; position++) {
                                assertThat(log.recordHolding(position)).isPresent();
                            }
                        });
            }
        });
    }
}
