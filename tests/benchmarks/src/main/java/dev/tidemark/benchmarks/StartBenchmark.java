package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.DaemonFolder;
import dev.tidemark.benchmarks.server.LoadGenerator;
import dev.tidemark.benchmarks.server.MailboxFixture;
import dev.tidemark.benchmarks.server.MailboxPopulation;
import dev.tidemark.benchmarks.server.MeasuredDaemon;
import dev.tidemark.benchmarks.server.RequestTemplate;
import dev.tidemark.benchmarks.server.StoreFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;

/// Starts the daemon repeatedly on a store with live mailboxes, in turns for each set of JVM options.
///
/// @param logBytes size to which full load fills the store before the daemon is killed and started again; 0 to
///     stop it cleanly, without load
/// @param settling time from the ready line until the resident memory is read; zero to leave it out
record StartBenchmark(
        Path daemon,
        Path scratch,
        Path kept,
        Clock clock,
        long logBytes,
        Duration settling,
        Consumer<String> progress) {
    private static final Duration LOAD = Duration.ofSeconds(1);
    private static final int CONNECTIONS = 64;

    /// Returns one row for each number of mailboxes and set of options. The first start of each is not
    /// measured, because it may record the class cache.
    ///
    /// @param options sets of JVM options in addition to those of the script
    StartReport run(List<Integer> populations, List<String> options, int rounds)
            throws IOException, InterruptedException {
        var rows = new ArrayList<StartReport.Row>();
        for (var mailboxes : populations) {
            progress.accept("A store with " + mailboxes + " mailboxes ...");
            var folder = scratch.resolve("mailboxes-" + mailboxes);
            var configuration = DaemonFolder.prepare(folder, mailboxes, kept, clock);
            // the same for all kills, because each mailbox continues its chain
            var population = MailboxFixture.population(folder);
            var starts = new LinkedHashMap<String, List<MeasuredDaemon.Start>>();
            for (var set : options) {
                MeasuredDaemon.start(daemon, configuration, List.of(set)).close();
                starts.put(set, new ArrayList<>());
            }
            for (var round = 0; round < rounds; round++) {
                for (var each : starts.entrySet()) {
                    if (logBytes > 0) {
                        killAfterLoad(configuration, each.getKey(), population);
                    }
                    try (var started = MeasuredDaemon.start(daemon, configuration, List.of(each.getKey()))) {
                        each.getValue().add(started.measure(settling));
                    }
                }
            }
            starts.forEach((set, figures) -> rows.add(StartReport.Row.of(mailboxes, set, figures)));
        }
        return new StartReport(clock.instant(), MachineInfo.here(scratch), List.copyOf(rows));
    }

    /// Fills the store at full load until it has at least this size, and has grown by at least a fifth of it. Then
    /// kills the daemon at once.
    private void killAfterLoad(Path configuration, String options, MailboxPopulation population) throws IOException {
        var folder = configuration.resolveSibling("");
        var form = RequestTemplate.of(1, true, clock.instant());
        var enough = Math.max(logBytes, StoreFolder.bytes(folder) + logBytes / 5);
        try (var killed = MeasuredDaemon.start(daemon, configuration, List.of(options))) {
            try (var load = new LoadGenerator(killed.target(), population, form, CONNECTIONS)) {
                while (StoreFolder.bytes(folder) < enough) {
                    load.flatOut(LOAD);
                }
                killed.kill();
            }
        }
        progress.accept("Killed with a store of %d MiB".formatted(StoreFolder.bytes(folder) >> 20));
    }
}
