package dev.tidemark.benchmarks.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FirstPaintProbeTest {
    @TempDir
    private Path folder;

    private Path trace(String... events) throws IOException {
        return Files.writeString(
                folder.resolve("trace.json"), "{\"traceEvents\":[" + String.join(",", events) + "],\"metadata\":{}}");
    }

    private static String event(String name, long micros, String navigation) {
        return "{\"name\":\"%s\",\"ts\":%d,\"args\":{\"data\":{\"navigationId\":\"%s\"}}}"
                .formatted(name, micros, navigation);
    }

    @Test
    void a_paint_counts_from_its_own_navigation() throws IOException {
        var trace = trace(
                event("navigationStart", 1_000, "blank"),
                event("navigationStart", 5_000, "page"),
                "{\"name\":\"process_name\",\"ph\":\"M\"}",
                event("firstContentfulPaint", 230_500, "page"));
        assertThat(FirstPaintProbe.firstPaint(trace)).hasValue(225.5);
    }

    @Test
    void a_trace_that_ended_too_early_has_no_paint() throws IOException {
        assertThat(FirstPaintProbe.firstPaint(trace(event("navigationStart", 1_000, "page"))))
                .isEmpty();
    }
}
