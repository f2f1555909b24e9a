package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.BenchmarkException;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Implements `tidemark-bench migrate`, which measures the way of a store to PostgreSQL and back.
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures 'tidemark migrate' from files to PostgreSQL and back: time, heap, counts and checksums,"
                + " and the deliveries from the last store. Prints Markdown; exit code 1 if the last store differs from"
                + " the first, or an event is lost or repeated.")
final class MigrationCommand implements Callable<Integer> {
    @Option(names = "--events", description = "Events in the store. Default: ${DEFAULT-VALUE}.")
    private int events = 1_000_000;

    @Option(names = "--heap", description = "Heap limit of the command. Default: ${DEFAULT-VALUE}.")
    private String heap = "512m";

    @Mixin
    private CommandOptions options = new CommandOptions();

    @Mixin
    private ExternalPrograms programs = new ExternalPrograms();

    private final Clock clock;

    MigrationCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var daemon = programs.daemon()
                .orElseThrow(() -> new BenchmarkException("The daemon is missing; build the distribution."));
        return options.inScratchFolder(scratch -> options.print(
                new MigrationBenchmark(daemon, scratch, options.folder(), heap, clock, System.err::println)
                        .run(events)));
    }
}
