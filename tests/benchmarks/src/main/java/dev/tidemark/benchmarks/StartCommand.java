package dev.tidemark.benchmarks;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Implements `tidemark-bench start`, which measures the daemon's start time and its heap when idle.
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures the time from the start of the daemon's process to its ready line, its memory and its live heap."
                        + " The store has live mailboxes without pending work. Prints Markdown.")
final class StartCommand implements Callable<Integer> {
    private static final Duration SETTLING = Duration.ofSeconds(12);

    @Option(names = "--mailboxes", split = ",", description = "Numbers of mailboxes in the store. Default: 10,100000.")
    private List<Integer> mailboxes = List.of(10, 100_000);

    @Option(names = "--rounds", description = "Starts per number. Default: ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(names = "--rss", description = "Also reads the resident memory, 12 s after each ready line. Linux only.")
    private boolean resident;

    @Option(
            names = "--options",
            description = "JVM options in addition to those of the script, in one argument. Repeat it to compare"
                    + " several in turns.")
    private List<String> jvmOptions = List.of("");

    @Option(
            names = "--log-mib",
            description = "Before each start, fills the store to this size at full load, then kills the daemon. A later"
                    + " kill adds a fifth. Default: 0, which stops it cleanly without load.")
    private int logMib;

    @Mixin
    private CommandOptions.DaemonScript daemon = new CommandOptions.DaemonScript();

    @Mixin
    private CommandOptions options = new CommandOptions();

    private final Clock clock;

    StartCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var settling = resident ? SETTLING : Duration.ZERO;
        return options.inScratchFolder(scratch -> options.print(new StartBenchmark(
                        daemon.path(),
                        scratch,
                        options.folder(),
                        clock,
                        (long) logMib << 20,
                        settling,
                        System.err::println)
                .run(mailboxes, jvmOptions, rounds)));
    }
}
