package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.DeliveryBenchmarkConfig.Part;
import java.io.IOException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Implements `tidemark-bench deliveries`, which measures deliveries to webhooks.
@Command(
        name = "deliveries",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures deliveries to webhooks: events per second compared with a bare HttpClient loop, the effect of"
                        + " failing sinks on a healthy one, servers that close kept connections, and the memory for a long backlog."
                        + " Prints Markdown; exit code 1 if a receiver did not get every event once.")
final class DeliveriesCommand implements Callable<Integer> {
    @Option(names = "--quick", description = "Rough measurement in under a minute.")
    private boolean quick;

    @Option(
            names = "--only",
            split = ",",
            description = "Parts to run: single, batch, neighbours, closing, backlog. Default: all.")
    private List<String> only = List.of("single", "batch", "neighbours", "closing", "backlog");

    @Option(names = "--mailboxes", description = "Mailboxes with events. Default: ${DEFAULT-VALUE}.")
    private int mailboxes = 1_000;

    @Option(
            names = "--events",
            description = "Events in the journal, for each round. Default: 300000; 100000 with --quick.")
    private Optional<Integer> events = Optional.empty();

    @Option(names = "--behind", description = "Events of the backlog. Default: 1000000; 200000 with --quick.")
    private Optional<Integer> behind = Optional.empty();

    @Option(names = "--heap", description = "Heap of the process that delivers the backlog. Default: ${DEFAULT-VALUE}.")
    private String heap = "64m";

    @Option(names = "--connections", description = "Concurrent requests. Default: ${DEFAULT-VALUE}.")
    private int connections = 4;

    @Option(names = "--batch", description = "Events per batch request. Default: ${DEFAULT-VALUE}.")
    private int batch = 100;

    @Option(names = "--rounds", description = "Default: 5; 2 with --quick.")
    private Optional<Integer> rounds = Optional.empty();

    @Option(names = "--duration", description = "Maximum seconds of a sender's round. Default: 3; 1.5 with --quick.")
    private Optional<Double> duration = Optional.empty();

    @Option(names = "--warm-up", description = "Seconds before the first round. Default: 6; 3 with --quick.")
    private Optional<Double> warmUp = Optional.empty();

    @Option(names = "--phase", description = "Seconds alone or beside failing sinks. Default: 10; 4 with --quick.")
    private Optional<Double> phase = Optional.empty();

    @Option(names = "--prepare", description = "Only creates the journals that are kept from run to run.")
    private boolean prepare;

    @Mixin
    private CommandOptions options = new CommandOptions();

    @Mixin
    private JvmOptions jvm = new JvmOptions();

    private final Clock clock;

    DeliveriesCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        return options.inScratchFolder(scratch -> {
            var workspace = new DeliveryBenchmarkConfig.Workspace(scratch, options.folder(), jvm.all());
            var bench = new DeliveryBenchmark(plan(), workspace, clock, System.err::println);
            bench.prepare();
            return prepare ? 0 : options.print(bench.run());
        });
    }

    private DeliveryBenchmarkConfig plan() {
        return new DeliveryBenchmarkConfig(
                parts(),
                mailboxes,
                events.orElse(quick ? 100_000 : 300_000),
                behind.orElse(quick ? 200_000 : 1_000_000),
                connections,
                batch,
                rounds.orElse(quick ? 2 : 5),
                CommandOptions.seconds(duration.orElse(quick ? 1.5 : 3)),
                CommandOptions.seconds(warmUp.orElse(quick ? 3.0 : 6)),
                CommandOptions.seconds(phase.orElse(quick ? 4.0 : 10)),
                heap);
    }

    private Set<Part> parts() {
        return Arrays.stream(Part.values())
                .filter(part -> only.contains(part.name().toLowerCase(Locale.ROOT)))
                .collect(Collectors.toSet());
    }
}
