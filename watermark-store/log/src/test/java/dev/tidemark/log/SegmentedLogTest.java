package dev.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks the log in a directory of the file system.
final class SegmentedLogTest {
    private static final LogConfig SMALL =
            new LogConfig(8 << 10, 2 << 10, LogConfig.DEFAULT.segmentAge(), LogConfig.DEFAULT.checkBytes(), 2);

    @TempDir
    private Path directory;

    @Test
    void reads_appended_records_before_and_after_a_restart() {
        try (var log = open()) {
            for (var i = 1; i <= 100; i++) {
                assertThat(log.append(i * 3L, 3, i, new byte[i * 20])).isEqualTo(i + 1);
            }
            assertThat(payloads(log)).hasSize(100);
        }
        try (var log = open()) {
            assertThat(payloads(log)).hasSize(100);
            assertThat(log.newestPosition()).isEqualTo(300);
            assertThat(log.recordHolding(150).orElseThrow().recordedAt()).isEqualTo(50);
            assertThat(log.oldest().orElseThrow().recordedAt()).isEqualTo(1);
            assertThat(log.newest().orElseThrow().recordedAt()).isEqualTo(100);
            log.append(301, 1, 101, new byte[1]);
            assertThat(log.recordAfter(300).orElseThrow().position()).isEqualTo(301);
        }
    }

    @Test
    void refuses_a_second_log_of_the_same_directory() {
        try (var _ = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(LogInUseException.class)
                    .hasMessageContaining("in use by another process");
        }
        open().close();
    }

    private SegmentedLog open() {
        return SegmentedLog.open(new FileLogDisk(directory), SMALL, InstantSource.system());
    }

    private static List<LogRecord> payloads(SegmentedLog log) {
        var records = new ArrayList<LogRecord>();
        try (var cursor = log.readFrom(1)) {
            for (var next = cursor.next(); next.isPresent(); next = cursor.next()) {
                if (next.get().payload().length > 0) {
                    records.add(next.get());
                }
            }
        }
        return records;
    }
}
