package dev.tidemark.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The daemon under measurement, started as an operator starts it. What it has kept is read back by another process,
/// after the daemon has stopped.
final class DaemonProcess implements RunningServer {
    private final StartedDaemon daemon;
    private final Path folder;
    private final List<String> account;
    private final Population population;

    private DaemonProcess(StartedDaemon daemon, Path folder, List<String> account) throws IOException {
        this.daemon = daemon;
        this.folder = folder;
        this.account = account;
        this.population = Population.of(Files.readAllLines(folder.resolve(LiveMailboxes.TOKENS)));
    }

    /// Starts `script` with `configuration`.
    ///
    /// @param jvmOptions for the daemon besides its own
    /// @param account command that prints what the store in `folder` holds
    static DaemonProcess start(
            Path script, Path folder, Path configuration, List<String> jvmOptions, List<String> account)
            throws IOException {
        return new DaemonProcess(StartedDaemon.start(script, configuration, jvmOptions), folder, account);
    }

    @Override
    public Population population() {
        return population;
    }

    @Override
    public Target target(Transport transport) {
        var address = daemon.listener();
        return new Target(new InetSocketAddress(address.getHost(), address.getPort()), transport, Trust.in(folder));
    }

    @Override
    public Duration processorTime() {
        return daemon.processorTime();
    }

    @Override
    public Contestant.Account stop() throws IOException {
        daemon.close();
        try (var talk = Talk.with(account, folder.resolve("account.log"))) {
            return talk.hear(Contestant.Account.class);
        }
    }

    @Override
    public void close() {
        daemon.closeNow();
    }
}
