package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.handshake.HandshakesCommand;
import dev.tidemark.benchmarks.handshake.TlsEnginesCommand;
import dev.tidemark.benchmarks.page.PageCommand;
import dev.tidemark.benchmarks.server.BenchmarkException;
import dev.tidemark.benchmarks.server.ComparedServer;
import dev.tidemark.benchmarks.server.PythonLocator;
import dev.tidemark.benchmarks.server.ServerLauncher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Implements `tidemark-bench`, which compares Tidemark with other servers.
@Command(
        name = "tidemark-bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures how many notifications per second are on disk before their acknowledgement, and the time to"
                        + " acknowledge. Compares Tidemark with servers that do less. Prints Markdown; exit code 1 if the events on"
                        + " disk differ from the acknowledged ones.")
final class BenchmarkMain implements Callable<Integer> {
    @Option(names = "--quick", description = "Rough measurement in under 90 seconds.")
    private boolean quick;

    @Option(
            names = "--only",
            split = ",",
            description = "Letters of the servers to run, from a to i; h and i start a PostgreSQL. Default: a to g.")
    private List<String> only = List.of("a", "b", "c", "d", "e", "f", "g");

    @Option(names = "--connections", split = ",", description = "Default: 64,256.")
    private List<Integer> connections = List.of();

    @Option(names = "--mailboxes", description = "Mailboxes that call back. Default: ${DEFAULT-VALUE}.")
    private int mailboxes = 1_000;

    @Option(names = "--kept", description = "Omits new connections, TLS, and notifications with several events.")
    private boolean kept;

    @Option(
            names = "--populations",
            split = ",",
            description = "Other numbers of mailboxes to compare, 0 for none. Default: 100,100000.")
    private List<Integer> populations = List.of();

    @Option(names = "--rounds", description = "Default: 7; 2 with --quick.")
    private Optional<Integer> rounds = Optional.empty();

    @Option(names = "--duration", description = "Seconds of a server's round. Default: 3.")
    private Optional<Double> duration = Optional.empty();

    @Option(names = "--warm-up", description = "Seconds before the first round. Default: 20; 3 with --quick.")
    private Optional<Double> warmUp = Optional.empty();

    @Option(names = "--steady", description = "Seconds at half of Tidemark's maximum, 0 for none. Default: 60.")
    private Optional<Double> steady = Optional.empty();

    @Option(names = "--trickle", description = "Seconds at one event per second, 0 for none. Default: 20.")
    private Optional<Double> trickle = Optional.empty();

    @Mixin
    private CommandOptions options = new CommandOptions();

    @Mixin
    private JvmOptions jvm = new JvmOptions();

    @Mixin
    private ExternalPrograms programs = new ExternalPrograms();

    private final Clock clock;
    private final String cxf;

    BenchmarkMain(Clock clock, String cxf) {
        this.clock = clock;
        this.cxf = cxf;
    }

    /// Ends the JVM with 0, with 1 if a figure is void or missing, or with 2 for wrong options.
    public static void main(String[] arguments) {
        System.exit(run(Clock.systemUTC(), System.getProperty("tidemark.bench.cxf", ""), arguments));
    }

    static int run(Clock clock, String cxf, String... arguments) {
        return new CommandLine(new BenchmarkMain(clock, cxf))
                .addSubcommand(new DeliveriesCommand(clock))
                .addSubcommand(new StartCommand(clock))
                .addSubcommand(new TailCommand(clock))
                .addSubcommand(new HandshakesCommand(clock))
                .addSubcommand(new TlsEnginesCommand(clock))
                .addSubcommand(new MonthCommand(clock))
                .addSubcommand(new BackupLoadCommand(clock))
                .addSubcommand(new MigrationCommand(clock))
                .addSubcommand(new PageCommand(clock))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("tidemark-bench: " + failure.getMessage());
                    if (!(failure instanceof BenchmarkException)) {
                        failure.printStackTrace(command.getErr());
                    }
                    return 1;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var python = only.contains("d") ? PythonLocator.withExchangelib() : Optional.<String>empty();
        var plan = plan(python.isPresent());
        return options.inScratchFolder(scratch -> {
            var workspace = workspace(scratch, python);
            return options.print(new BenchmarkRunner(plan, workspace, clock, System.err::println).run());
        });
    }

    private ServerLauncher.Workspace workspace(Path scratch, Optional<String> python) {
        return new ServerLauncher.Workspace(
                scratch, options.folder(), jvm.all(), cxfPath(), python, programs.daemon(), programs.floor());
    }

    private BenchmarkConfig plan(boolean exchangelib) {
        return new BenchmarkConfig(
                servers(exchangelib),
                connections.isEmpty() ? (quick ? List.of(64) : List.of(64, 256)) : connections,
                mailboxes,
                !kept,
                populations(),
                rounds.orElse(quick ? 2 : 7),
                CommandOptions.seconds(duration.orElse(quick ? 1.5 : 3)),
                CommandOptions.seconds(warmUp.orElse(quick ? 3.0 : 20)),
                CommandOptions.seconds(steady.orElse(quick ? 8.0 : 60)),
                CommandOptions.seconds(trickle.orElse(quick ? 5.0 : 20)));
    }

    private Set<ComparedServer> servers(boolean exchangelib) {
        return Arrays.stream(ComparedServer.values())
                .filter(server -> only.contains(server.letter()))
                .filter(server -> server != ComparedServer.CXF || cxfPath().isPresent())
                .filter(server -> server != ComparedServer.EXCHANGELIB || exchangelib)
                .filter(server ->
                        server != ComparedServer.DAEMON || programs.daemon().isPresent())
                .filter(server ->
                        server != ComparedServer.NATIVE || programs.floor().isPresent())
                .collect(Collectors.toSet());
    }

    private List<Integer> populations() {
        if (populations.isEmpty()) {
            return quick ? List.of() : List.of(100, 100_000);
        }
        return populations.stream().filter(size -> size > 0).toList();
    }

    private Optional<String> cxfPath() {
        return Optional.of(cxf).filter(path -> !path.isEmpty());
    }
}
