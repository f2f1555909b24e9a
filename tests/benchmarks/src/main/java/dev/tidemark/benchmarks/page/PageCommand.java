package dev.tidemark.benchmarks.page;

import dev.tidemark.benchmarks.server.StoreFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Implements `tidemark-bench page`, which measures the status page with many mailboxes under load.
@Command(
        name = "page",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures each API call of the status page, and its first paint in Chromium, while notifications"
                + " arrive at a steady rate. Prints Markdown.")
public final class PageCommand implements Callable<Integer> {
    @Option(names = "--mailboxes", description = "Mailboxes in the store. Default: ${DEFAULT-VALUE}.")
    private int mailboxes = 100_000;

    @Option(names = "--rate", description = "Notifications per second. Default: ${DEFAULT-VALUE}.")
    private double rate = 2_000;

    @Option(names = "--seconds", description = "Seconds of load. Default: ${DEFAULT-VALUE}.")
    private int seconds = 60;

    @Option(names = "--connections", description = "Connections of the load. Default: ${DEFAULT-VALUE}.")
    private int connections = 64;

    @Option(names = "--chromium", description = "Chromium; without it, the paint is not measured.")
    private String chromium = "chromium";

    @Option(
            names = "--daemon",
            description = "Script that starts the daemon. Default: this checkout's distribution.",
            defaultValue = "${sys:tidemark.bench.daemon:-bin/tidemark}")
    private Path daemon = Path.of("");

    @Option(
            names = "--folder",
            description = "Folder for the store. Default: ${DEFAULT-VALUE}.",
            defaultValue = "${sys:tidemark.bench.folder:-target/bench}")
    private Path folder = Path.of("");

    private final Clock clock;

    public PageCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var scratch = Files.createTempDirectory(folder.toAbsolutePath(), "run-");
        try {
            var plan = new PageBenchmark.PagePlan(mailboxes, connections, rate, Duration.ofSeconds(seconds), chromium);
            System.out.print(new PageBenchmark(daemon, scratch, folder.toAbsolutePath(), clock)
                    .run(plan)
                    .markdown());
            return 0;
        } finally {
            StoreFolder.removeTree(scratch);
        }
    }
}
