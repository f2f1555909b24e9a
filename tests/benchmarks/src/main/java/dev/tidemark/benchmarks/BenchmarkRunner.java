package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.BenchmarkCase;
import dev.tidemark.benchmarks.server.ComparedServer;
import dev.tidemark.benchmarks.server.ServerLauncher;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Runs a comparison: the disk, all servers at full speed, all at a steady rate, and the durability check.
final class BenchmarkRunner {
    private final BenchmarkConfig plan;
    private final ServerLauncher.Workspace workspace;
    private final Clock clock;
    private final Consumer<String> progress;

    BenchmarkRunner(BenchmarkConfig plan, ServerLauncher.Workspace workspace, Clock clock, Consumer<String> progress) {
        this.plan = plan;
        this.workspace = workspace;
        this.clock = clock;
        this.progress = progress;
    }

    BenchmarkReport run() throws IOException {
        var machine = MachineInfo.here(workspace.scratch());
        progress.accept("Writing and forcing 4 KiB ...");
        var disk = DiskProbe.in(workspace.scratch(), plan.round().dividedBy(2));
        try (var fleet = new ServerLauncher(workspace, clock)) {
            start(fleet);
            var comparison = new ServerComparison(fleet, clock.instant(), DiskCounter.of(workspace.scratch()));
            progress.accept("As fast as each can: %d entries, %d rounds of %.1f s ..."
                    .formatted(
                            plan.entries().size(), plan.rounds(), plan.round().toMillis() / 1e3));
            var flatOut = comparison.flatOut(plan.entries(), plan.rounds(), plan.round(), plan.warmUp());
            var steady = steadily(comparison, flatOut);
            var trickle = trickle(comparison);
            progress.accept("Reading back what is on disk ...");
            var proofs = comparison.finish();
            var rows = flatOut.stream().map(BenchmarkResult::row).toList();
            return new BenchmarkReport(
                    clock.instant(),
                    machine,
                    disk,
                    workspace.jvmOptions(),
                    rows,
                    steady.stream().map(BenchmarkResult::row).toList(),
                    trickle.stream().map(BenchmarkResult::row).toList(),
                    RatioCalculator.of(plan, rows),
                    proofs);
        }
    }

    private void start(ServerLauncher fleet) throws IOException {
        for (var entry : plan.entries()) {
            if (!fleet.running().containsKey(entry.setup())) {
                progress.accept(
                        "Starting (" + entry.server().letter() + ") for " + entry.mailboxes() + " mailboxes ...");
                fleet.serverFor(entry.setup());
            }
        }
    }

    /// Measures at half of Tidemark's maximum; the other servers for part of the time.
    private List<BenchmarkResult> steadily(ServerComparison comparison, List<BenchmarkResult> flatOut)
            throws IOException {
        var results = new ArrayList<BenchmarkResult>();
        var own = flatOut.stream()
                .filter(result -> plan.steadyEntries().contains(result.entry()))
                .filter(result -> result.entry().server() == ComparedServer.TIDEMARK)
                .findFirst();
        if (own.isEmpty() || plan.steady().isZero()) {
            return results;
        }
        var rate = own.get().median() / 2;
        for (var entry : plan.steadyEntries()) {
            var mine = entry.server() == ComparedServer.TIDEMARK || entry.server() == ComparedServer.DAEMON;
            var time = mine ? plan.steady() : plan.steady().dividedBy(6);
            if (mine || fast(flatOut, entry, rate)) {
                progress.accept("(%s) at %.0f per second for %d s ..."
                        .formatted(entry.server().letter(), rate, time.toSeconds()));
                results.add(comparison.steadily(entry, rate, time));
            }
        }
        return results;
    }

    private List<BenchmarkResult> trickle(ServerComparison comparison) throws IOException {
        var results = new ArrayList<BenchmarkResult>();
        for (var entry : plan.trickleEntries()) {
            progress.accept("(%s) at one per second for %d s ..."
                    .formatted(entry.server().letter(), plan.trickle().toSeconds()));
            results.add(comparison.steadily(entry, 1, plan.trickle()));
        }
        return results;
    }

    private static boolean fast(List<BenchmarkResult> flatOut, BenchmarkCase entry, double rate) {
        return flatOut.stream().anyMatch(result -> result.entry().equals(entry) && result.median() > rate * 1.2);
    }
}
