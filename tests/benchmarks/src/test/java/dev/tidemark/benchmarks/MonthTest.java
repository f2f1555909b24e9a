package dev.tidemark.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.benchmarks.server.BenchmarkJsonCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks that days pass and retention removes old events. The file's size needs a longer run.
final class MonthTest {
    @TempDir
    private Path folder;

    @Test
    void days_pass_and_only_those_within_retention_are_kept() throws Exception {
        var json = folder.resolve("figures.json");

        BenchmarkMain.run(
                Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC),
                "",
                "month",
                "--mailboxes=5",
                "--days=4",
                "--events=240",
                "--saves=24",
                "--retention=2",
                "--rest=0",
                "--folder=" + folder,
                "--json=" + json);

        var report = BenchmarkJsonCodec.read(Files.readString(json), MonthReport.class);
        assertThat(report.days()).hasSize(4).allMatch(day -> day.fileMiB() > 0);
        assertThat(report.days().get(0).held()).isEqualTo(245);
        assertThat(report.days().get(3).held()).isBetween(440L, 500L);
    }

    @Test
    void a_file_that_is_larger_in_the_last_third_has_not_stopped_growing() {
        assertThat(of(10, 20, 30, 31, 30, 32).valid()).isTrue();
        assertThat(of(10, 20, 30, 40, 50, 60).valid()).isFalse();
    }

    private static MonthReport of(double... sizes) {
        var days = IntStream.range(0, sizes.length)
                .mapToObj(day -> new MonthReport.Day(day + 1, 100, sizes[day], 1))
                .toList();
        return new MonthReport(
                Instant.EPOCH,
                new MachineInfo("", 2, 1, "", "", ""),
                new MonthSimulation.Plan(1, sizes.length, 1, 1, 1, Duration.ofDays(7), Duration.ZERO),
                1,
                List.copyOf(days),
                1);
    }
}
