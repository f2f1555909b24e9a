package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.BenchmarkException;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Implements `tidemark-bench backup`, which measures acknowledgements beside a backup and proves the backup.
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures acknowledgement times of the daemon before, during and after a backup, and restores it. Prints"
                        + " Markdown; exit code 1 if the restored store lacks an event.")
final class BackupLoadCommand implements Callable<Integer> {
    @Mixin
    private CommandOptions.SteadyLoad load = new CommandOptions.SteadyLoad(1_000, 5_000);

    @Option(names = "--fill", description = "Seconds of full load before. Default: ${DEFAULT-VALUE}.")
    private double fill = 20;

    @Mixin
    private JvmOptions jvm = new JvmOptions();

    @Mixin
    private CommandOptions options = new CommandOptions();

    @Mixin
    private ExternalPrograms programs = new ExternalPrograms();

    private final Clock clock;

    BackupLoadCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var daemon = programs.daemon()
                .orElseThrow(() -> new BenchmarkException("The daemon is missing; build the distribution."));
        var plan = new BackupLoadBenchmark.Plan(
                load.mailboxes(), load.connections(), load.rate(), CommandOptions.seconds(fill), load.duration());
        return options.inScratchFolder(scratch -> options.print(
                new BackupLoadBenchmark(daemon, scratch, options.folder(), jvm.all(), clock, System.err::println)
                        .run(plan)));
    }
}
