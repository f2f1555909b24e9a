package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.DaemonFolder;
import dev.tidemark.benchmarks.server.MeasuredDaemon;
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
/// @param settling time from the ready line until the resident memory is read; zero to leave it out
record StartBenchmark(Path daemon, Path scratch, Path kept, Clock clock, Duration settling, Consumer<String> progress) {
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
            var starts = new LinkedHashMap<String, List<MeasuredDaemon.Start>>();
            for (var set : options) {
                MeasuredDaemon.start(daemon, configuration, List.of(set)).close();
                starts.put(set, new ArrayList<>());
            }
            for (var round = 0; round < rounds; round++) {
                for (var each : starts.entrySet()) {
                    try (var started = MeasuredDaemon.start(daemon, configuration, List.of(each.getKey()))) {
                        each.getValue().add(started.measure(settling));
                    }
                }
            }
            starts.forEach((set, figures) -> rows.add(StartReport.Row.of(mailboxes, set, figures)));
        }
        return new StartReport(clock.instant(), MachineInfo.here(scratch), List.copyOf(rows));
    }
}
