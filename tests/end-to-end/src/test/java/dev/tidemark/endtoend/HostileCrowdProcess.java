package dev.tidemark.endtoend;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Process of hostile clients. It has the lowest priority, because real attackers do not share the processors of the
/// daemon and of Exchange. Thread-safe.
final class HostileCrowdProcess implements AutoCloseable {
    private final Process process;
    private volatile String counts = "";

    private HostileCrowdProcess(Process process) {
        this.process = process;
    }

    static HostileCrowdProcess start(HostileClients clients) {
        var command = new ArrayList<>(List.of(
                "nice",
                "-n",
                "19",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                HostileCrowdMain.class.getName()));
        command.addAll(clients.arguments());
        try {
            var process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var crowd = new HostileCrowdProcess(process);
            Thread.ofVirtual().name("hostile-crowd").start(crowd::readCounts);
            return crowd;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readCounts() {
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(line -> counts = line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns the number of connections by kind of attack, at most a second old.
    Map<String, Long> attacks() {
        return Arrays.stream(counts.split(","))
                .filter(count -> count.contains(":"))
                .map(count -> count.split(":"))
                .collect(toMap(count -> count[0], count -> Long.valueOf(count[1]), Long::sum, TreeMap::new));
    }

    /// Returns true if at least one client of each kind has begun.
    boolean hasAttackedInEachWay() {
        var attacks = attacks();
        return !attacks.isEmpty() && attacks.values().stream().allMatch(count -> count > 0);
    }

    @Override
    public void close() {
        try {
            process.outputWriter().close();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
