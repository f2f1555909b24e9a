package dev.tidemark.daemon.metrics;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Prometheus' tool for checks of metrics and rules. A test without it is skipped.
final class PromtoolProcess {
    /// Result of a run.
    record Result(int exit, String output) {}

    private PromtoolProcess() {}

    /// Runs the tool with `input` on its standard input.
    static Result run(String input, String... arguments) throws IOException, InterruptedException {
        var found = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(folder -> Path.of(folder, "promtool"))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), "promtool is missing; install the Debian package prometheus");
        var command = Stream.concat(Stream.of(found.get().toString()), Stream.of(arguments))
                .toList();
        return run(input, command);
    }

    private static Result run(String input, List<String> command) throws IOException, InterruptedException {
        var output = Files.createTempFile("promtool", ".txt");
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            var exit = process.waitFor();
            return new Result(exit, Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }
}
