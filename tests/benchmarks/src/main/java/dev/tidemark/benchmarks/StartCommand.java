package dev.tidemark.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tidemark-bench start`: measures how soon the daemon is ready, and what an idle one holds in memory.
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures how long the daemon takes from the start of its process to its ready line, with live"
                + " mailboxes in the store and nothing to be done for them, and what lives in its heap then. Prints"
                + " Markdown.")
final class StartCommand implements Callable<Integer> {
    @Option(names = "--mailboxes", split = ",", description = "In the store. Default: 10,100000.")
    private List<Integer> mailboxes = List.of(10, 100_000);

    @Option(names = "--rounds", description = "Starts for each. Default: ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(
            names = "--daemon",
            description = "The script that starts it. Default: that of the distribution in this checkout.",
            defaultValue = "${sys:tidemark.bench.daemon:-bin/tidemark}")
    private Path daemon = Path.of("");

    @Option(names = "--json", description = "Writes all figures to this file.")
    private Optional<Path> json = Optional.empty();

    @Option(
            names = "--folder",
            description = "Where the processes keep their files. Default: ${DEFAULT-VALUE}.",
            defaultValue = "${sys:tidemark.bench.folder:-target/bench}")
    private Path folder = Path.of("");

    private final Clock clock;

    StartCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(folder);
        var scratch = Files.createTempDirectory(folder.toAbsolutePath(), "run-");
        try {
            var bench = new StartBenchmark(daemon, scratch, folder.toAbsolutePath(), clock, System.err::println);
            var report = bench.run(mailboxes, rounds);
            System.out.print(report.markdown());
            json.ifPresent(file -> BenchmarkJsonCodec.write(file, report));
            return 0;
        } finally {
            BenchmarkMain.remove(scratch);
        }
    }
}
