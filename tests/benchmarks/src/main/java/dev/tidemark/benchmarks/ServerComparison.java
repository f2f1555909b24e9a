package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.BenchmarkCase;
import dev.tidemark.benchmarks.server.ConnectionMode;
import dev.tidemark.benchmarks.server.LoadGenerator;
import dev.tidemark.benchmarks.server.LoadStats;
import dev.tidemark.benchmarks.server.RequestTemplate;
import dev.tidemark.benchmarks.server.ServerLauncher;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Runs the cases one after the other, round by round, so that disturbances affect all alike. Counts the events
/// that each server must have kept.
final class ServerComparison {
    private final ServerLauncher fleet;
    private final Instant now;
    private final DiskCounter disk;
    private final Map<BenchmarkCase.ServerSetup, Long> acknowledgedEvents = new HashMap<>();

    ServerComparison(ServerLauncher fleet, Instant now, DiskCounter disk) {
        this.fleet = fleet;
        this.disk = disk;
        this.now = now;
    }

    /// Runs each case at full speed for `time` per round, after an uncounted round of `warmUp`.
    List<BenchmarkResult> flatOut(List<BenchmarkCase> entries, int rounds, Duration time, Duration warmUp)
            throws IOException {
        Map<BenchmarkCase, BenchmarkResult> results = new LinkedHashMap<>();
        for (var entry : entries) {
            run(entry, new BenchmarkResult(entry), driver -> driver.flatOut(warmUp));
            results.put(entry, new BenchmarkResult(entry));
        }
        for (var round = 0; round < rounds; round++) {
            for (var i = 0; i < entries.size(); i++) {
                // varies the order between rounds
                var entry = entries.get((i + round) % entries.size());
                run(entry, results.getOrDefault(entry, new BenchmarkResult(entry)), driver -> driver.flatOut(time));
            }
        }
        return List.copyOf(results.values());
    }

    /// Runs one case at a steady rate.
    BenchmarkResult steadily(BenchmarkCase entry, double perSecond, Duration time) throws IOException {
        var result = new BenchmarkResult(entry);
        steadily(entry, result, perSecond, time);
        return result;
    }

    /// Adds a further interval at a steady rate to a result.
    void steadily(BenchmarkCase entry, BenchmarkResult result, double perSecond, Duration time) throws IOException {
        run(entry, result, driver -> driver.steadily(perSecond, time));
    }

    private void run(BenchmarkCase entry, BenchmarkResult result, Function<LoadGenerator, LoadStats> load)
            throws IOException {
        var server = fleet.serverFor(entry.setup());
        var form = RequestTemplate.of(entry.events(), entry.transport() == ConnectionMode.KEPT, now);
        try (var driver =
                new LoadGenerator(server.target(entry.transport()), server.population(), form, entry.connections())) {
            var serverBefore = server.processorTime();
            var ownBefore = ownTime();
            var writtenBefore = disk.bytesWritten();
            var tally = load.apply(driver);
            result.add(
                    tally,
                    server.processorTime().minus(serverBefore),
                    ownTime().minus(ownBefore),
                    disk.bytesWritten() - writtenBefore);
            acknowledgedEvents.merge(entry.setup(), tally.acknowledged() * entry.events(), Long::sum);
        }
    }

    private static Duration ownTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /// Stops the servers and compares their kept events with the acknowledged ones.
    List<DurabilityCheck> finish() throws IOException {
        var proofs = new ArrayList<DurabilityCheck>();
        for (var running : fleet.running().entrySet()) {
            var account = running.getValue().stop();
            proofs.add(new DurabilityCheck(
                    running.getKey().server(),
                    running.getKey().mailboxes(),
                    acknowledgedEvents.getOrDefault(running.getKey(), 0L),
                    account));
        }
        return List.copyOf(proofs);
    }
}
