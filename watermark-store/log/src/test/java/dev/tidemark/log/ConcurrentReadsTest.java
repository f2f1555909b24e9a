package dev.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks that readers see complete acknowledged records while other threads append, compact and remove.
final class ConcurrentReadsTest {
    private static final int RECORDS = 400;

    @TempDir
    private Path directory;

    @Test
    void a_reader_follows_an_appender() throws Exception {
        try (var log = open();
                var threads =
                        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            var reader = threads.submit(() -> follow(log));
            append(log);
            assertThat(reader.get()).hasSize(RECORDS);
        }
    }

    @Test
    void readers_do_not_mistake_compaction_and_removal_for_damage() throws Exception {
        try (var log = open();
                var threads =
                        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            append(log);
            SmallStore.cover(log);
            var done = new AtomicBoolean();
            var reader = threads.submit(() -> {
                while (!done.get()) {
                    for (long position = 0; position < RECORDS; position += 7) {
                        assertThat(log.recordAfter(position).orElseThrow().position())
                                .isGreaterThan(position);
                    }
                }
                return true;
            });
            for (var segment : log.segments()) {
                if (segment.isClosed()) {
                    log.compact(segment.firstLsn(), LogWorkload::reduced);
                    log.compact(segment.firstLsn(), record -> Optional.of(record.payload()));
                }
            }
            for (long position = 0; position < RECORDS - 10; position++) {
                log.removeTo(position, Long.MAX_VALUE);
            }
            appendOver(log);
            done.set(true);
            assertThat(reader.get()).isTrue();
        }
    }

    private SegmentedLog open() {
        return SegmentedLog.open(new FileLogDisk(directory), LogWorkload.CONFIG, InstantSource.system());
    }

    private static void append(SegmentedLog log) {
        for (var i = 1; i <= RECORDS; i++) {
            log.append(i, 1, i, new byte[i * 5]);
        }
    }

    /// Appends enough records to reuse the removed files.
    private static void appendOver(SegmentedLog log) {
        for (var i = 1; i <= 40; i++) {
            log.append(RECORDS + i, 1, i, new byte[600]);
        }
    }

    private static List<LogRecord> follow(SegmentedLog log) {
        var records = new ArrayList<LogRecord>();
        while (records.size() < RECORDS) {
            var found = log.recordAfter(records.size());
            if (found.isPresent()) {
                assertThat(found.get().position()).isEqualTo(records.size() + 1);
                assertThat(found.get().payload()).hasSize((records.size() + 1) * 5);
                records.add(found.get());
            } else {
                Thread.onSpinWait();
            }
        }
        return records;
    }
}
