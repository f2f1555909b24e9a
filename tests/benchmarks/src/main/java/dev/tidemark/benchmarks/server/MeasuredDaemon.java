package dev.tidemark.benchmarks.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Daemon in a separate process, started as an operator would start it.
public final class MeasuredDaemon implements AutoCloseable {
    private static final String READY = "tidemark ready";
    private static final Pattern LISTENER = Pattern.compile("listener=(\\S+) admin=(\\S+)");
    private static final double MIB = 1 << 20;
    private static final double KIB = 1 << 10;
    private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s+(\\d+) kB", Pattern.MULTILINE);
    /// Instances and bytes.
    private static final Pattern TOTAL = Pattern.compile("^Total\\s+\\d+\\s+(\\d+)", Pattern.MULTILINE);

    private final Process process;
    private final Path log;
    private final URI listener;
    private final URI admin;
    private final double seconds;
    private final Duration processor;

    private MeasuredDaemon(Process process, Path log, URI listener, URI admin, double seconds, Duration processor) {
        this.process = process;
        this.log = log;
        this.listener = listener;
        this.admin = admin;
        this.seconds = seconds;
        this.processor = processor;
    }

    /// Figures of one start.
    ///
    /// @param seconds time from the start of the process to its ready line
    /// @param processorSeconds processor time until then
    /// @param residentMiB resident memory some time after the ready line; empty if it was not measured
    /// @param liveMiB heap after a full collection
    public record Start(double seconds, double processorSeconds, OptionalDouble residentMiB, double liveMiB) {}

    /// Starts the daemon and waits for its ready line.
    ///
    /// @param jvmOptions options in addition to those of the script
    public static MeasuredDaemon start(Path script, Path configuration, List<String> jvmOptions) throws IOException {
        var log = configuration.resolveSibling("log");
        var builder = new ProcessBuilder(
                        script.toAbsolutePath().toString(), "run", "--config", configuration.toString())
                .redirectError(log.toFile());
        builder.environment().merge("TIDEMARK_OPTS", String.join(" ", jvmOptions), "%s %s"::formatted);
        var began = System.nanoTime();
        var process = builder.start();
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var line = output.readLine();
        while (line != null && !line.startsWith(READY)) {
            line = output.readLine();
        }
        var seconds = (System.nanoTime() - began) / 1e9;
        var processor = process.info().totalCpuDuration().orElse(Duration.ZERO);
        var address = LISTENER.matcher(String.valueOf(line));
        if (!address.find()) {
            process.destroyForcibly();
            throw new BenchmarkException("The daemon did not start:\n" + Files.readString(log));
        }
        return new MeasuredDaemon(
                process, log, URI.create(address.group(1)), URI.create(address.group(2)), seconds, processor);
    }

    /// Returns the address for callbacks.
    public URI listener() {
        return listener;
    }

    /// Returns the address of the admin API.
    public URI admin() {
        return admin;
    }

    /// Returns the target of callbacks over kept connections.
    public LoadTarget target() {
        return new LoadTarget(
                new InetSocketAddress(listener.getHost(), listener.getPort()),
                ConnectionMode.KEPT,
                PinnedTrust.in(log.resolveSibling("")));
    }

    /// Returns its processor time so far.
    public Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /// Returns the figures of the start.
    ///
    /// @param settling time until the resident memory is read; zero to leave it out
    public Start measure(Duration settling) throws IOException, InterruptedException {
        var resident = settling.isZero() ? OptionalDouble.empty() : residentMiB(settling);
        return new Start(seconds, processor.toMillis() / 1e3, resident, liveMiB());
    }

    private OptionalDouble residentMiB(Duration settling) throws IOException, InterruptedException {
        // the same idle time for each daemon; nothing is awaited
        Thread.sleep(settling);
        var status = RESIDENT.matcher(Files.readString(Path.of("/proc", Long.toString(process.pid()), "status")));
        if (!status.find()) {
            throw new BenchmarkException("/proc/PID/status does not name the resident memory; measure on Linux.");
        }
        return OptionalDouble.of(Long.parseLong(status.group(1)) * KIB / MIB);
    }

    /// Returns the live heap from the JVM's histogram, which forces a full collection.
    private double liveMiB() throws IOException {
        var jcmd = Path.of(System.getProperty("java.home", ""), "bin", "jcmd");
        var histogram = new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        var answer = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var total = TOTAL.matcher(answer);
        if (!total.find()) {
            throw new BenchmarkException("jcmd printed no heap histogram:\n" + answer);
        }
        return Long.parseLong(total.group(1)) / MIB;
    }

    /// Stops it cleanly, so that the next start has nothing to recover.
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new BenchmarkException("The daemon did not stop:\n" + Files.readString(log));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /// Kills it if it still runs, and waits for its end.
    public void kill() {
        process.destroyForcibly().onExit().join();
    }
}
