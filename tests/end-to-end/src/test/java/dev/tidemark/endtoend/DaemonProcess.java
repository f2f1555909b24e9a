package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// The daemon as people run it: in a process of its own, from the distribution.
final class DaemonProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    /// A clean stop has 25 s by contract, on a machine that gives it its time.
    private static final Duration STOP = Duration.ofSeconds(90);

    private final Process process;
    /// Signals by way of the process itself would close its console, and its last words would be lost.
    private final ProcessHandle signals;
    private final ProcessOutput out;
    private final ProcessOutput err;

    private DaemonProcess(Process process, Path log) {
        this.process = process;
        signals = process.toHandle();
        out = new ProcessOutput("daemon-out", process.getInputStream(), Optional.empty());
        err = new ProcessOutput("daemon-err", process.getErrorStream(), Optional.of(log));
    }

    /// Returns at once. What it logs is kept beside the configuration.
    static DaemonProcess launch(Path config) {
        return launch(config, Map.of());
    }

    /// The same, with these variables set besides.
    static DaemonProcess launch(Path config, Map<String, String> environment) {
        try {
            var command = new ProcessBuilder(InstalledDistribution.command("run", "--config", config.toString()));
            command.environment().putAll(environment);
            var process = command.start();
            process.getOutputStream().close();
            return new DaemonProcess(process, config.resolveSibling("daemon.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// SIGKILL: nothing of it runs on. Returns the moment before, by `System.nanoTime`.
    long kill() {
        var moment = System.nanoTime();
        signals.destroyForcibly();
        awaitEnd();
        return moment;
    }

    /// SIGTERM; returns the exit code.
    int terminate() {
        tellToStop();
        return exitCode();
    }

    /// SIGTERM; returns at once.
    void tellToStop() {
        signals.destroy();
    }

    /// Waits for the end.
    int exitCode() {
        awaitEnd();
        return process.exitValue();
    }

    /// Whether it comes to its end in this time, all by itself.
    boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the daemon ran", e);
        }
    }

    /// Limits the number of files that it may still open; returns whether the system supports this.
    boolean limitOpenFiles(int more) {
        try (var open = Files.list(Path.of("/proc/" + signals.pid() + "/fd"))) {
            var limit = open.count() + more;
            var command = List.of("prlimit", "--pid", "" + signals.pid(), "--nofile=" + limit + ":" + limit);
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException notHere) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a limit was set", e);
        }
    }

    List<String> errorLines() {
        return err.lines();
    }

    List<String> stackTraces() {
        var traces = new ArrayList<>(out.stackTraces());
        traces.addAll(err.stackTraces());
        return traces;
    }

    /// What it has said so far, for a person to read.
    String said() {
        return out.text() + "\n" + err.text();
    }

    @Override
    public void close() {
        signals.destroyForcibly();
        awaitEnd();
    }

    /// Returns once it takes call-backs and looks after its mailboxes.
    void awaitReady() {
        Awaitility.await("tidemark ready")
                .atMost(START)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !process.isAlive() || isReady());
        assertThat(isReady()).as(() -> "it started; it said:\n" + said()).isTrue();
    }

    /// Whether it has said so.
    boolean isReady() {
        return out.lines().stream().anyMatch(line -> line.startsWith("tidemark ready"));
    }

    private void awaitEnd() {
        try {
            assertThat(process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS))
                    .as(() -> "it ended; it said:\n" + said())
                    .isTrue();
            out.drain();
            err.drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the daemon was to end", e);
        }
    }
}
