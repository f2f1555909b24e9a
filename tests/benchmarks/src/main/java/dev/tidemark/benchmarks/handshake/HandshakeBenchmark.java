package dev.tidemark.benchmarks.handshake;

import dev.tidemark.benchmarks.MachineInfo;
import dev.tidemark.benchmarks.handshake.HandshakeSide.Cost;
import dev.tidemark.benchmarks.server.DaemonFolder;
import dev.tidemark.benchmarks.server.MailboxFixture;
import dev.tidemark.benchmarks.server.MeasuredDaemon;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Measures the processor time of the daemon and of nginx per callback over a new TLS connection, in turns. Starts
/// the daemon once per version of TLS, so that the first minute of each is cold.
final class HandshakeBenchmark {
    /// Settings of a measurement.
    ///
    /// @param rounds turns of each server when it is warm
    /// @param seconds duration of a turn
    /// @param cold seconds after a start that count as cold
    /// @param threads clients that connect at once
    record HandshakePlan(List<String> versions, int rounds, double seconds, double cold, int threads) {}

    /// Programs and the folder for stores that are kept.
    record Programs(Path daemon, String nginx, Path client, Path kept, List<String> jvmOptions) {}

    static final String NEW = "new";
    static final String RESUMED = "resumed";

    private final HandshakePlan plan;
    private final Programs programs;
    private final Path scratch;
    private final Clock clock;
    private final Consumer<String> progress;
    private final List<HandshakeReport.Row> rows = new ArrayList<>();

    HandshakeBenchmark(HandshakePlan plan, Programs programs, Path scratch, Clock clock, Consumer<String> progress) {
        this.plan = plan;
        this.programs = programs;
        this.scratch = scratch;
        this.clock = clock;
        this.progress = progress;
    }

    HandshakeReport run() throws IOException, InterruptedException {
        var loadBefore = load();
        for (var version : plan.versions()) {
            measure(version, scratch.resolve("tls-" + version));
        }
        return new HandshakeReport(
                clock.instant(), MachineInfo.here(scratch), loadBefore + " and " + load(), plan, List.copyOf(rows));
    }

    /// Returns the average number of running threads of the machine in the last minute.
    private static String load() {
        return "%.1f".formatted(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private void measure(String version, Path folder) throws IOException, InterruptedException {
        var configuration = DaemonFolder.prepareWithTls(folder, plan.threads(), programs.kept(), clock);
        var requests = folder.resolve("requests");
        MailboxFixture.writeRequests(folder, requests, clock.instant());
        var nginxServer = NginxServer.start(
                programs.nginx(),
                folder.resolve("nginx"),
                folder.resolve(DaemonFolder.CERTIFICATE),
                folder.resolve(DaemonFolder.KEY));
        try (var nginx = new HandshakeSide(nginxServer, programs.client(), requests, plan.threads())) {
            var daemon = MeasuredDaemon.start(programs.daemon(), configuration, programs.jvmOptions());
            try (var own =
                    new HandshakeSide(new DaemonHandshakeServer(daemon), programs.client(), requests, plan.threads())) {
                progress.accept("TLS " + version + ", cold ...");
                cold(version, own, nginx);
                progress.accept("TLS " + version + ", warm ...");
                warm(version, own, nginx);
            }
        }
    }

    /// Counts all processor time of the daemon since its start was complete, also while nginx has its turn: the JIT
    /// compiler then compiles the code of the turn before.
    private void cold(String version, HandshakeSide own, HandshakeSide nginx) throws IOException {
        var before = own.processorMicros();
        var mine = Cost.NONE;
        var other = Cost.NONE;
        for (var passed = 0.0; passed < plan.cold(); passed += 2 * plan.seconds()) {
            mine = mine.plus(own.turn(version, NEW, plan.seconds()));
            other = other.plus(nginx.turn(version, NEW, plan.seconds()));
        }
        if (!mine.turns().isEmpty()) {
            var all = new Cost(own.processorMicros() - before, mine.turns());
            rows.add(HandshakeReport.Row.of("cold", version, NEW, all, other));
        }
    }

    private void warm(String version, HandshakeSide own, HandshakeSide nginx) throws IOException {
        for (var kind : List.of(NEW, RESUMED)) {
            var mine = Cost.NONE;
            var other = Cost.NONE;
            for (var round = 0; round < plan.rounds(); round++) {
                mine = mine.plus(own.turn(version, kind, plan.seconds()));
                other = other.plus(nginx.turn(version, kind, plan.seconds()));
            }
            rows.add(HandshakeReport.Row.of("warm", version, kind, mine, other));
        }
    }
}
