package dev.tidemark.benchmarks.server;

import dev.tidemark.benchmarks.server.ServerLauncher.RunningServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Compared server in a separate process, and the mailboxes that call it back.
final class ServerProcess implements RunningServer {
    private final Process process;
    private final BufferedReader output;
    private final MeasuredServerMain.Ready ready;
    private final Path folder;
    private final MailboxPopulation population;

    private ServerProcess(
            Process process, BufferedReader output, MeasuredServerMain.Ready ready, Path folder, int mailboxes)
            throws IOException {
        this.process = process;
        this.output = output;
        this.ready = ready;
        this.folder = folder;
        var tokens = folder.resolve(MailboxFixture.TOKENS);
        population = Files.exists(tokens)
                ? MailboxPopulation.of(Files.readAllLines(tokens))
                : MailboxPopulation.anonymous(mailboxes);
    }

    /// Starts `command` and waits until it prints its ports.
    static ServerProcess start(List<String> command, Path folder, int mailboxes) throws IOException {
        var log = folder.resolve("log");
        var process = new ProcessBuilder(new ArrayList<>(command))
                .redirectError(log.toFile())
                .start();
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var line = json(output);
        if (line == null) {
            process.destroyForcibly();
            throw new BenchmarkException("A server did not start:\n" + Files.readString(log));
        }
        return new ServerProcess(
                process, output, BenchmarkJsonCodec.read(line, MeasuredServerMain.Ready.class), folder, mailboxes);
    }

    /// Returns the next line of JSON; skips the JVM's own output.
    private static @Nullable String json(BufferedReader output) throws IOException {
        var line = output.readLine();
        while (line != null && !line.startsWith("{")) {
            line = output.readLine();
        }
        return line;
    }

    @Override
    public MailboxPopulation population() {
        return population;
    }

    @Override
    public LoadTarget target(ConnectionMode transport) {
        var port = transport == ConnectionMode.NEW_TLS ? ready.tlsPort() : ready.port();
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return new LoadTarget(address, transport, PinnedTrust.in(folder));
    }

    @Override
    public Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public MeasuredServer.Account stop() throws IOException {
        process.getOutputStream().close();
        var line = json(output);
        close();
        if (line == null) {
            throw new BenchmarkException(
                    "A server ended without its account:\n" + Files.readString(folder.resolve("log")));
        }
        return BenchmarkJsonCodec.read(line, MeasuredServer.Account.class);
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
