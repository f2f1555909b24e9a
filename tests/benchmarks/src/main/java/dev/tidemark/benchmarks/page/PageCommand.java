package dev.tidemark.benchmarks.page;

import dev.tidemark.benchmarks.CommandOptions;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Implements `tidemark-bench page`, which measures the status page with many mailboxes under load.
@Command(
        name = "page",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures each API call of the status page, and its first paint in Chromium, while notifications"
                + " arrive at a steady rate. Prints Markdown.")
public final class PageCommand implements Callable<Integer> {
    @Mixin
    private CommandOptions.SteadyLoad load = new CommandOptions.SteadyLoad(100_000, 2_000);

    @Option(names = "--chromium", description = "Chromium; without it, the paint is not measured.")
    private String chromium = "chromium";

    @Mixin
    private CommandOptions.DaemonScript daemon = new CommandOptions.DaemonScript();

    @Mixin
    private CommandOptions options = new CommandOptions();

    private final Clock clock;

    public PageCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var plan = new PageBenchmark.PagePlan(
                load.mailboxes(), load.connections(), load.rate(), load.duration(), chromium);
        return options.inScratchFolder(
                scratch -> options.print(new PageBenchmark(daemon.path(), scratch, options.folder(), clock).run(plan)));
    }
}
