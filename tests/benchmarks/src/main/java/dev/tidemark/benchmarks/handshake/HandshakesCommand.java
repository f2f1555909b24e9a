package dev.tidemark.benchmarks.handshake;

import dev.tidemark.benchmarks.CommandOptions;
import dev.tidemark.benchmarks.server.BenchmarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Implements `tidemark-bench handshakes`, which compares the cost of new TLS connections with that of nginx.
@Command(
        name = "handshakes",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures the processor time of a server for each callback over a new TLS connection: the daemon, which"
                        + " stores the callback, and nginx, which stores nothing, in turns with the same certificate. Prints"
                        + " Markdown.")
public final class HandshakesCommand implements Callable<Integer> {
    @Mixin
    private CommandOptions.TlsVersions versions = new CommandOptions.TlsVersions();

    @Option(names = "--rounds", description = "Warm rounds. Default: ${DEFAULT-VALUE}.")
    private int rounds = 4;

    @Option(names = "--seconds", description = "Seconds of a server's turn. Default: ${DEFAULT-VALUE}.")
    private double seconds = 4;

    @Option(names = "--cold", description = "Seconds after a start that count as cold. Default: ${DEFAULT-VALUE}.")
    private double cold = 60;

    @Option(names = "--threads", description = "Clients that connect at once. Default: ${DEFAULT-VALUE}.")
    private int threads = 4;

    @Option(names = "--jvm", description = "Additional option for the JVM of the daemon. May be repeated.")
    private List<String> jvm = List.of();

    @Option(names = "--nginx", description = "Default: ${DEFAULT-VALUE}.")
    private String nginx = "nginx";

    @Option(
            names = "--client",
            description = "Compiled handshake_client. Default: this checkout's.",
            defaultValue = "${sys:tidemark.bench.handshakes:-}")
    private Path client = Path.of("");

    @Mixin
    private CommandOptions.DaemonScript daemon = new CommandOptions.DaemonScript();

    @Mixin
    private CommandOptions options = new CommandOptions();

    private final Clock clock;

    public HandshakesCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Files.isRegularFile(daemon.path()) || !Files.isRegularFile(client)) {
            throw new BenchmarkException(
                    "The daemon or the TLS client is missing; build the distribution, and install a C compiler and the"
                            + " headers of OpenSSL.");
        }
        return options.inScratchFolder(scratch -> {
            var programs = new HandshakeBenchmark.Programs(
                    daemon.path(), nginx, client.toAbsolutePath(), options.folder(), jvm);
            var plan = new HandshakeBenchmark.HandshakePlan(versions.names(), rounds, seconds, cold, threads);
            return options.print(new HandshakeBenchmark(plan, programs, scratch, clock, System.err::println).run());
        });
    }
}
