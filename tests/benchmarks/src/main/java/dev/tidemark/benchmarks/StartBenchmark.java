package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.DaemonFolder;
import dev.tidemark.benchmarks.server.MeasuredDaemon;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Starts the daemon repeatedly on a store with live mailboxes.
final class StartBenchmark {
    private final Path daemon;
    private final Path scratch;
    private final Path kept;
    private final Clock clock;
    private final Consumer<String> progress;

    StartBenchmark(Path daemon, Path scratch, Path kept, Clock clock, Consumer<String> progress) {
        this.daemon = daemon;
        this.scratch = scratch;
        this.kept = kept;
        this.clock = clock;
        this.progress = progress;
    }

    StartReport run(List<Integer> populations, int rounds) throws IOException {
        var rows = new ArrayList<StartReport.Row>();
        for (var mailboxes : populations) {
            progress.accept("A store with " + mailboxes + " mailboxes ...");
            var folder = scratch.resolve("mailboxes-" + mailboxes);
            var configuration = DaemonFolder.prepare(folder, mailboxes, kept, clock);
            var starts = new ArrayList<MeasuredDaemon.Start>();
            for (var round = 0; round < rounds; round++) {
                try (var started = MeasuredDaemon.start(daemon, configuration, List.of())) {
                    starts.add(started.measure());
                }
            }
            rows.add(StartReport.Row.of(mailboxes, starts));
        }
        return new StartReport(clock.instant(), MachineInfo.here(scratch), List.copyOf(rows));
    }
}
