package dev.tidemark.benchmarks.page;

import dev.tidemark.benchmarks.server.BenchmarkJsonCodec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/// Opens the page in a new Chromium without a window and reads the time of the first contentful paint from its trace.
///
/// @param chromium command
record FirstPaintProbe(String chromium, Path scratch) {
    /// Chromium writes the trace only at its end.
    private static final int TRACED_SECONDS = 8;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(200);

    /// Returns the milliseconds from each navigation to its first contentful paint; none without Chromium.
    List<Double> repeatWhile(BooleanSupplier wanted, URI page) throws InterruptedException, IOException {
        var paints = new ArrayList<Double>();
        while (wanted.getAsBoolean() && isInstalled()) {
            measure(page).ifPresent(paints::add);
        }
        return paints;
    }

    private boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder(chromium, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private OptionalDouble measure(URI page) throws InterruptedException, IOException {
        // an empty profile, so that nothing of the page is cached
        var folder = Files.createTempDirectory(scratch, "chromium-");
        var trace = folder.resolve("trace.json");
        var process = new ProcessBuilder(
                        chromium,
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--trace-startup=loading,blink.user_timing",
                        "--trace-startup-format=json",
                        "--trace-startup-file=" + trace,
                        "--trace-startup-duration=" + TRACED_SECONDS,
                        page.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            var end = System.nanoTime() + PATIENCE.toNanos();
            while (isMissing(trace) && process.isAlive() && System.nanoTime() < end) {
                Thread.sleep(POLL);
            }
            return isMissing(trace) ? OptionalDouble.empty() : firstPaint(trace);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    /// Returns true if Chromium has not written the trace, which ends with a brace.
    private static boolean isMissing(Path trace) throws IOException {
        return !Files.exists(trace) || !Files.readString(trace).stripTrailing().endsWith("}");
    }

    /// Returns the time between the navigation to the page and its first contentful paint; empty if the trace ended
    /// before it.
    static OptionalDouble firstPaint(Path trace) throws IOException {
        var starts = new HashMap<Object, Double>();
        if (BenchmarkJsonCodec.read(Files.readString(trace), Map.class).get("traceEvents") instanceof List<?> events) {
            for (var event : events) {
                if (event instanceof Map<?, ?> fields && fields.get("ts") instanceof Number micros) {
                    var navigation = navigation(fields);
                    if ("navigationStart".equals(fields.get("name"))) {
                        starts.put(navigation, micros.doubleValue());
                    } else if ("firstContentfulPaint".equals(fields.get("name")) && starts.containsKey(navigation)) {
                        return OptionalDouble.of((micros.doubleValue() - starts.get(navigation)) / 1e3);
                    }
                }
            }
        }
        return OptionalDouble.empty();
    }

    private static Object navigation(Map<?, ?> event) {
        return event.get("args") instanceof Map<?, ?> arguments && arguments.get("data") instanceof Map<?, ?> data
                ? String.valueOf(data.get("navigationId"))
                : "";
    }
}
