package dev.tidemark.benchmarks.server;

import dev.tidemark.benchmarks.server.ServerLauncher.RunningServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Daemon under measurement, started as an operator would start it. After it stopped, another process reads its
/// store.
final class BenchmarkDaemonProcess implements RunningServer {
    private final MeasuredDaemon daemon;
    private final Path folder;
    private final List<String> account;
    private final MailboxPopulation population;

    private BenchmarkDaemonProcess(MeasuredDaemon daemon, Path folder, List<String> account) throws IOException {
        this.daemon = daemon;
        this.folder = folder;
        this.account = account;
        this.population = MailboxFixture.population(folder);
    }

    /// Starts `script` with `configuration`.
    ///
    /// @param jvmOptions additional options for the daemon's JVM
    /// @param account command that prints the counts of the store in `folder`
    static BenchmarkDaemonProcess start(
            Path script, Path folder, Path configuration, List<String> jvmOptions, List<String> account)
            throws IOException {
        return new BenchmarkDaemonProcess(MeasuredDaemon.start(script, configuration, jvmOptions), folder, account);
    }

    @Override
    public MailboxPopulation population() {
        return population;
    }

    @Override
    public LoadTarget target(ConnectionMode transport) {
        var address = daemon.listener();
        return new LoadTarget(
                new InetSocketAddress(address.getHost(), address.getPort()), transport, PinnedTrust.in(folder));
    }

    @Override
    public Duration processorTime() {
        return daemon.processorTime();
    }

    @Override
    public MeasuredServer.Account stop() throws IOException {
        daemon.close();
        try (var talk = JsonLineProcess.start(account, folder.resolve("account.log"))) {
            return talk.read(MeasuredServer.Account.class);
        }
    }

    @Override
    public void close() {
        daemon.kill();
    }
}
