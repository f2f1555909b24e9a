package dev.tidemark.benchmarks.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Options for the servers that are not part of the benchmark's own jar.
public final class ExternalPrograms {
    @Option(
            names = "--daemon",
            description = "The script that starts (f). Default: that of the distribution in this checkout.",
            defaultValue = "${sys:tidemark.bench.daemon:-}")
    private Path daemon = Path.of("");

    @Option(
            names = "--floor",
            description = "The native floor (g), compiled. Default: that of this checkout.",
            defaultValue = "${sys:tidemark.bench.floor:-}")
    private Path floor = Path.of("");

    public Optional<Path> daemon() {
        return Optional.of(daemon).filter(Files::isRegularFile);
    }

    public Optional<Path> floor() {
        return Optional.of(floor.toAbsolutePath()).filter(Files::isRegularFile);
    }
}
