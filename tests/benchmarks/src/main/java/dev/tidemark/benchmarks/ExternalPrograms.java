package dev.tidemark.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Options for servers outside the benchmark's jar.
final class ExternalPrograms {
    @Option(
            names = "--daemon",
            description = "Script that starts server (f). Default: this checkout's distribution.",
            defaultValue = "${sys:tidemark.bench.daemon:-}")
    private Path daemon = Path.of("");

    @Option(
            names = "--floor",
            description = "Compiled native floor (g). Default: this checkout's.",
            defaultValue = "${sys:tidemark.bench.floor:-}")
    private Path floor = Path.of("");

    public Optional<Path> daemon() {
        return Optional.of(daemon).filter(Files::isRegularFile);
    }

    public Optional<Path> floor() {
        return Optional.of(floor.toAbsolutePath()).filter(Files::isRegularFile);
    }
}
