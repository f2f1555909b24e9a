package dev.tidemark.benchmarks;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Implements `tidemark-bench month`, which measures the store's size on disk.
@Command(
        name = "month",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Simulates days of a store with new messages, a sink without a backlog, and retention. Prints the store's"
                        + " size after each day as Markdown; exit code 1 if it still grew in the last third.")
final class MonthCommand implements Callable<Integer> {
    @Option(names = "--mailboxes", description = "Default: ${DEFAULT-VALUE}.")
    private int mailboxes = 100_000;

    @Option(names = "--days", description = "Default: ${DEFAULT-VALUE}.")
    private int days = 30;

    @Option(names = "--events", description = "Events per day, of all mailboxes. Default: ${DEFAULT-VALUE}.")
    private int events = 100_000;

    @Option(names = "--commit", description = "Callbacks that share a force. Default: ${DEFAULT-VALUE}.")
    private int commit = 8;

    @Option(names = "--saves", description = "Saves of the sink's position per day. Default: ${DEFAULT-VALUE}.")
    private int saves = 2_400;

    @Option(names = "--retention", description = "Retention in days. Default: ${DEFAULT-VALUE}.")
    private int retention = 7;

    @Option(
            names = "--rest",
            description = "Seconds without events at the end of a day, so that the store can take a snapshot and"
                    + " remove segments. Default: ${DEFAULT-VALUE}.")
    private int rest = 10;

    @Mixin
    private CommandOptions options = new CommandOptions();

    private final Clock clock;

    MonthCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var plan = new MonthSimulation.Plan(
                mailboxes, days, events, commit, saves, Duration.ofDays(retention), Duration.ofSeconds(rest));
        return options.inScratchFolder(scratch ->
                options.print(new MonthSimulation(plan, scratch, options.folder(), clock, System.err::println).run()));
    }
}
