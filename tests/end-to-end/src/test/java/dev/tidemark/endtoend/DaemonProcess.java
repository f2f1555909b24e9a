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

/// Daemon in a separate process, started from the distribution as an operator would start it.
final class DaemonProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(5);
    /// A clean stop may take 25 s by contract; a busy machine needs more.
    private static final Duration STOP = Duration.ofSeconds(90);

    private final Process process;
    /// Sends signals. `Process` itself would close the console and lose the last output.
    private final ProcessHandle signals;
    private final ProcessOutput out;
    private final ProcessOutput err;

    private DaemonProcess(Process process, Path log) {
        this.process = process;
        signals = process.toHandle();
        out = new ProcessOutput("daemon-out", process.getInputStream(), Optional.empty());
        err = new ProcessOutput("daemon-err", process.getErrorStream(), Optional.of(log));
    }

    /// Starts the daemon and returns immediately. Its log is stored beside the configuration.
    static DaemonProcess launch(Path config) {
        return launch(config, Map.of());
    }

    /// Starts the daemon with additional environment variables.
    static DaemonProcess launch(Path config, Map<String, String> environment) {
        return launch(InstalledDistribution.command("run", "--config", config.toString()), config, environment);
    }

    /// Starts the daemon of another distribution.
    static DaemonProcess launchOf(Path home, Path config) {
        var command = InstalledDistribution.commandOf(home, "run", "--config", config.toString());
        return launch(command, config, Map.of());
    }

    private static DaemonProcess launch(List<String> run, Path config, Map<String, String> environment) {
        try {
            var command = new ProcessBuilder(run);
            command.environment().putAll(environment);
            var process = command.start();
            process.getOutputStream().close();
            return new DaemonProcess(process, config.resolveSibling("daemon.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sends SIGKILL. Returns the `System.nanoTime` before it.
    long kill() {
        var moment = System.nanoTime();
        signals.destroyForcibly();
        awaitEnd();
        return moment;
    }

    /// Sends SIGTERM; returns the exit code.
    int terminate() {
        requestStop();
        return exitCode();
    }

    /// Returns the line of the resident memory that the system shows, or nothing.
    String residentMemory() {
        try (var lines = Files.lines(Path.of("/proc/" + signals.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS")).findFirst().orElse("");
        } catch (IOException notHere) {
            return "";
        }
    }

    /// Returns the processor time that it has used; zero if the system does not show it.
    Duration processorTime() {
        return signals.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /// Returns the live heap in bytes by the JVM's histogram, which forces a full collection.
    long liveHeap() throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var histogram = CommandRunner.run(STOP, List.of(jcmd, "" + signals.pid(), "GC.class_histogram"))
                .out();
        var total = histogram.getLast().strip().split("\\s+", 4);
        assertThat(total[0]).as("last line of the histogram").isEqualTo("Total");
        return Long.parseLong(total[2]);
    }

    /// Returns the arguments that every user of this machine sees.
    String arguments() throws IOException {
        return Files.readString(Path.of("/proc/" + signals.pid() + "/cmdline"));
    }

    /// Returns true if the daemon ignores SIGHUP, because this test was started by `nohup` or the like.
    boolean ignoresHangUp() {
        try (var lines = Files.lines(Path.of("/proc/" + signals.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) == 1);
        } catch (IOException notHere) {
            return false;
        }
    }

    /// Sends SIGHUP.
    void hangUp() {
        signal("HUP");
    }

    /// Stops the process without its knowledge, until [#proceed].
    void suspend() {
        signal("STOP");
    }

    void proceed() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            var command = List.of("kill", "-" + name, "" + signals.pid());
            assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a signal was sent", e);
        }
    }

    /// Sends SIGTERM; returns immediately.
    void requestStop() {
        signals.destroy();
    }

    /// Waits for the end.
    int exitCode() {
        awaitEnd();
        return process.exitValue();
    }

    /// Returns whether the daemon ends on its own within this time.
    boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the daemon ran", e);
        }
    }

    /// Limits the number of additional files that the daemon may open; returns whether the system supports
    /// this.
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

    /// Returns its output so far, for failure messages.
    String output() {
        return out.text() + "\n" + err.text();
    }

    @Override
    public void close() {
        signals.destroyForcibly();
        awaitEnd();
    }

    /// Waits until the daemon is ready: it accepts callbacks and maintains its mailboxes.
    void awaitReady() {
        Awaitility.await("tidemark ready")
                .atMost(START)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !process.isAlive() || isReady());
        assertThat(isReady()).as(() -> "it started; it said:\n" + output()).isTrue();
    }

    /// Returns whether the daemon printed its ready line.
    boolean isReady() {
        return out.lines().stream().anyMatch(line -> line.startsWith("tidemark ready"));
    }

    private void awaitEnd() {
        try {
            assertThat(process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS))
                    .as(() -> "it ended; it said:\n" + output())
                    .isTrue();
            out.drain();
            err.drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the daemon was to end", e);
        }
    }
}
