package dev.tidemark.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Machine and versions of a run.
public record MachineInfo(String processor, int processors, long memoryMiB, String system, String java, String disk) {
    public static MachineInfo here(Path folder) throws IOException {
        return new MachineInfo(
                line(Path.of("/proc/cpuinfo"), "model name").orElse(System.getProperty("os.arch", "")),
                Runtime.getRuntime().availableProcessors(),
                line(Path.of("/proc/meminfo"), "MemTotal")
                                .map(text -> Long.parseLong(text.replaceAll("[^0-9]", "")))
                                .orElse(0L)
                        / 1024,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vendor") + " " + System.getProperty("java.version"),
                Files.getFileStore(folder).type());
    }

    private static Optional<String> line(Path file, String name) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    public String sentence() {
        return "%d × %s, %d MiB, %s, %s, disk %s".formatted(processors, processor, memoryMiB, system, java, disk);
    }
}
