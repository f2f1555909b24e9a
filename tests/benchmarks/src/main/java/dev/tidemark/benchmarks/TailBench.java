package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.BenchmarkCase;
import dev.tidemark.benchmarks.server.ComparedServer;
import dev.tidemark.benchmarks.server.ConnectionMode;
import dev.tidemark.benchmarks.server.ServerLauncher;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Measures acknowledgement times of the daemon and of the native floor at steady rates, in turn: first at
/// rest, then right after each ran at full speed.
final class TailBench {
    /// Settings of a measurement of slow acknowledgements.
    ///
    /// @param mailboxes numbers of mailboxes to measure
    /// @param rates notifications per second
    /// @param time duration at each rate, for each server
    /// @param flatOut load before each measurement after a load
    /// @param warmUp warm-up of each process
    /// @param settle pause between load and a measurement at rest
    record TailPlan(
            List<Integer> mailboxes,
            List<Integer> rates,
            int connections,
            Duration time,
            Duration flatOut,
            Duration warmUp,
            Duration settle) {
        TailPlan {
            mailboxes = List.copyOf(mailboxes);
            rates = List.copyOf(rates);
        }

        BenchmarkCase entry(ComparedServer server, int count) {
            return new BenchmarkCase(server, count, ConnectionMode.KEPT, 1, connections);
        }
    }

    /// Intervals of a measurement at rest; the servers alternate between them.
    private static final int TURNS = 4;

    private static final String REST = "at rest";
    private static final String LOADED = "after load";

    private final TailPlan plan;
    private final ServerLauncher.Workspace workspace;
    private final Clock clock;
    private final Consumer<String> progress;
    private final List<TailReport.Row> rows = new ArrayList<>();
    private final List<DurabilityCheck> proofs = new ArrayList<>();

    TailBench(TailPlan plan, ServerLauncher.Workspace workspace, Clock clock, Consumer<String> progress) {
        this.plan = plan;
        this.workspace = workspace;
        this.clock = clock;
        this.progress = progress;
    }

    TailReport run() throws IOException, InterruptedException {
        var machine = MachineInfo.here(workspace.scratch());
        var disk = DiskProbe.in(workspace.scratch(), plan.time().dividedBy(8));
        for (var count : plan.mailboxes()) {
            try (var fleet = new ServerLauncher(workspace, clock)) {
                measure(count, new ServerComparison(fleet, clock.instant(), DiskCounter.of(workspace.scratch())));
            }
        }
        return new TailReport(
                clock.instant(), machine, disk, workspace.jvmOptions(), List.copyOf(rows), List.copyOf(proofs));
    }

    private void measure(int count, ServerComparison comparison) throws IOException, InterruptedException {
        progress.accept("Warming up with " + count + " mailboxes ...");
        var daemon = plan.entry(ComparedServer.DAEMON, count);
        var floor = plan.entry(ComparedServer.NATIVE, count);
        comparison.flatOut(List.of(daemon, floor), 0, plan.warmUp(), plan.warmUp());
        Thread.sleep(plan.settle());
        for (var rate : plan.rates()) {
            progress.accept("%,d mailboxes, %,d a second, %s ...".formatted(count, rate, REST));
            atRest(comparison, new BenchmarkResult(daemon), new BenchmarkResult(floor), rate);
        }
        for (var rate : plan.rates()) {
            progress.accept("%,d mailboxes, %,d a second, %s ...".formatted(count, rate, LOADED));
            var own = afterLoad(comparison, daemon, rate);
            add(LOADED, rate, own, afterLoad(comparison, floor, rate));
        }
        proofs.addAll(comparison.finish());
    }

    private void atRest(ServerComparison comparison, BenchmarkResult daemon, BenchmarkResult floor, int rate)
            throws IOException {
        var time = plan.time().dividedBy(TURNS);
        for (var turn = 0; turn < TURNS; turn++) {
            comparison.steadily(daemon.entry(), daemon, rate, time);
            comparison.steadily(floor.entry(), floor, rate, time);
        }
        add(REST, rate, daemon, floor);
    }

    private BenchmarkResult afterLoad(ServerComparison comparison, BenchmarkCase entry, int rate) throws IOException {
        comparison.flatOut(List.of(entry), 0, plan.flatOut(), plan.flatOut());
        return comparison.steadily(entry, rate, plan.time());
    }

    private void add(String phase, int rate, BenchmarkResult daemon, BenchmarkResult floor) {
        rows.add(new TailReport.Row(phase, rate, daemon.row(), floor.row()));
    }
}
