package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.BenchmarkJsonCodec;
import dev.tidemark.benchmarks.server.StoreFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Options that all commands share: the folder of their files and the file of their figures. Not thread-safe.
public final class CommandOptions {
    @Option(names = "--json", description = "Writes all figures to this file.")
    private Optional<Path> json = Optional.empty();

    @Option(
            names = "--folder",
            description = "Folder for the files of all processes; it decides which disk is measured."
                    + " Default: ${DEFAULT-VALUE}.",
            defaultValue = "${sys:tidemark.bench.folder:-target/bench}")
    private Path folder = Path.of("");

    /// Option of the commands that measure the daemon of a distribution.
    public static final class DaemonScript {
        @Option(
                names = "--daemon",
                description = "Script that starts the daemon. Default: this checkout's distribution.",
                defaultValue = "${sys:tidemark.bench.daemon:-bin/tidemark}")
        private Path path = Path.of("");

        public Path path() {
            return path.toAbsolutePath();
        }
    }

    /// Option of the commands that measure handshakes.
    public static final class TlsVersions {
        @Option(names = "--versions", split = ",", description = "Versions of TLS. Default: 1.2,1.3.")
        private List<String> names = List.of("1.2", "1.3");

        public List<String> names() {
            return List.copyOf(names);
        }
    }

    /// Options of the commands that load the daemon at a steady rate.
    public static final class SteadyLoad {
        @Option(names = "--mailboxes", description = "Mailboxes in the store. Default: ${DEFAULT-VALUE}.")
        private int mailboxes;

        @Option(names = "--connections", description = "Connections of the load. Default: ${DEFAULT-VALUE}.")
        private int connections = 64;

        @Option(names = "--rate", description = "Notifications per second. Default: ${DEFAULT-VALUE}.")
        private double rate;

        @Option(names = "--seconds", description = "Seconds at the rate. Default: ${DEFAULT-VALUE}.")
        private double seconds = 60;

        /// Sets the defaults of a command.
        public SteadyLoad(int mailboxes, double rate) {
            this.mailboxes = mailboxes;
            this.rate = rate;
        }

        public int mailboxes() {
            return mailboxes;
        }

        public int connections() {
            return connections;
        }

        /// Returns the notifications per second.
        public double rate() {
            return rate;
        }

        public Duration duration() {
            return CommandOptions.seconds(seconds);
        }
    }

    /// Report that a command prints.
    public interface Report {
        String markdown();

        /// Returns whether the command's promise holds; exit code 1 if not.
        boolean valid();
    }

    /// Measurement in a temporary folder. Returns an exit code.
    public interface Measurement {
        int run(Path scratch) throws IOException, InterruptedException;
    }

    /// Returns the folder for files that are kept from run to run.
    public Path folder() {
        return folder.toAbsolutePath();
    }

    /// Runs `measurement` in a temporary folder and removes the folder.
    public int inScratchFolder(Measurement measurement) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var scratch = Files.createTempDirectory(folder(), "run-");
        try {
            return measurement.run(scratch);
        } finally {
            StoreFolder.removeTree(scratch);
        }
    }

    /// Prints `report`, writes its figures if `--json` is set and returns the exit code.
    public int print(Report report) {
        System.out.print(report.markdown());
        json.ifPresent(file -> BenchmarkJsonCodec.write(file, report));
        return report.valid() ? 0 : 1;
    }

    static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
