package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.BenchmarkException;
import dev.tidemark.benchmarks.server.ServerLauncher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Implements `tidemark-bench tail`, which measures the slowest acknowledgements of the daemon beside a native
/// floor.
@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures acknowledgement times of the daemon and of the native floor at steady rates, at rest and right"
                        + " after full load. Prints Markdown; exit code 1 if the events on disk differ from the acknowledged ones.")
final class TailCommand implements Callable<Integer> {
    @Option(names = "--mailboxes", split = ",", description = "Default: 1000,20000.")
    private List<Integer> mailboxes = List.of(1_000, 20_000);

    @Option(names = "--rates", split = ",", description = "Notifications per second. Default: 500,1000,8000.")
    private List<Integer> rates = List.of(500, 1_000, 8_000);

    @Option(names = "--seconds", description = "Seconds at each rate, for each server. Default: ${DEFAULT-VALUE}.")
    private double seconds = 60;

    @Option(names = "--flat-out", description = "Seconds of full load before. Default: ${DEFAULT-VALUE}.")
    private double flatOut = 60;

    @Option(names = "--warm-up", description = "Seconds before the first measurement. Default: ${DEFAULT-VALUE}.")
    private double warmUp = 20;

    @Option(names = "--settle", description = "Seconds between load and rest. Default: ${DEFAULT-VALUE}.")
    private double settle = 15;

    @Option(names = "--connections", description = "Default: ${DEFAULT-VALUE}.")
    private int connections = 64;

    @Mixin
    private CommandOptions options = new CommandOptions();

    @Mixin
    private JvmOptions jvm = new JvmOptions();

    @Mixin
    private ExternalPrograms programs = new ExternalPrograms();

    private final Clock clock;

    TailCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (programs.daemon().isEmpty() || programs.floor().isEmpty()) {
            throw new BenchmarkException(
                    "The daemon or the native floor is missing; build the distribution and install a C compiler.");
        }
        return options.inScratchFolder(
                scratch -> options.print(new TailBench(plan(), workspace(scratch), clock, System.err::println).run()));
    }

    private TailBench.TailPlan plan() {
        return new TailBench.TailPlan(
                mailboxes,
                rates,
                connections,
                CommandOptions.seconds(seconds),
                CommandOptions.seconds(flatOut),
                CommandOptions.seconds(warmUp),
                CommandOptions.seconds(settle));
    }

    private ServerLauncher.Workspace workspace(Path scratch) {
        return new ServerLauncher.Workspace(
                scratch,
                options.folder(),
                jvm.all(),
                Optional.empty(),
                Optional.empty(),
                programs.daemon(),
                programs.floor());
    }
}
