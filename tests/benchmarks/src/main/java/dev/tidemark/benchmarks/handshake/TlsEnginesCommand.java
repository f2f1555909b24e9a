package dev.tidemark.benchmarks.handshake;

import dev.tidemark.benchmarks.CommandOptions;
import dev.tidemark.benchmarks.server.BenchmarkException;
import dev.tidemark.benchmarks.server.TlsContexts;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Implements `tidemark-bench engines`, which measures TLS handshakes without network and threads.
@Command(
        name = "engines",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures the processor time and memory of the server's half of a TLS handshake between two engines of one"
                        + " thread: the JDK's engine and, if given, that of another provider. Prints Markdown.")
public final class TlsEnginesCommand implements Callable<Integer> {
    private static final String JDK = "JDK";

    @Mixin
    private CommandOptions.TlsVersions versions = new CommandOptions.TlsVersions();

    @Option(names = "--warm-up", description = "Handshakes of each kind before. Default: ${DEFAULT-VALUE}.")
    private int warmUp = 10_000;

    @Option(names = "--handshakes", description = "Handshakes of each kind in a round. Default: ${DEFAULT-VALUE}.")
    private int handshakes = 1_000;

    @Option(names = "--rounds", description = "Default: ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(names = "--groups", split = ",", description = "Groups of the server. Default: those of the listener.")
    private List<String> groups = List.of("x25519", "secp256r1", "secp384r1", "secp521r1");

    @Option(names = "--provider", description = "Class of another provider, for example org.conscrypt.OpenSSLProvider.")
    private Optional<String> provider = Optional.empty();

    @Option(names = "--jar", description = "Jar of that provider.")
    private Optional<Path> jar = Optional.empty();

    @Mixin
    private CommandOptions options = new CommandOptions();

    private final Clock clock;

    public TlsEnginesCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var plan = new TlsEngineBenchmark.EnginePlan(versions.names(), warmUp, handshakes, rounds, groups);
        return options.inScratchFolder(scratch -> {
            Map<String, TlsContexts> contexts = new TreeMap<>();
            contexts.put(JDK, TlsContexts.create(Files.createDirectory(scratch.resolve("jdk")), Optional.empty()));
            if (provider.isPresent()) {
                var other = load(provider.get());
                var folder = Files.createDirectory(scratch.resolve("other"));
                contexts.put(
                        other.getName() + " " + other.getVersionStr(), TlsContexts.create(folder, Optional.of(other)));
            }
            var benchmark = new TlsEngineBenchmark(plan, contexts, System.err::println);
            return options.print(benchmark.run(clock.instant(), scratch));
        });
    }

    /// Loads a provider that is no dependency of the project.
    private Provider load(String name) throws IOException {
        var path = jar.isPresent() ? new URL[] {jar.get().toUri().toURL()} : new URL[0];
        try {
            var type = Class.forName(name, true, new URLClassLoader(path));
            return (Provider) type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new BenchmarkException("Failed to load the provider " + name + ": " + e, e);
        }
    }
}
