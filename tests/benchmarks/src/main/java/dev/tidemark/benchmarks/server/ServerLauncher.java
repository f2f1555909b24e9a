package dev.tidemark.benchmarks.server;

import dev.tidemark.testpostgres.PostgresTestServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Starts the processes of the compared servers, with the same JVM flags for all Java ones, and stops them at
/// the end.
public final class ServerLauncher implements AutoCloseable {
    /// Programs and folders of the processes.
    ///
    /// @param cxf class path of the JAX-WS endpoint, if it is built
    /// @param python Python with exchangelib, if there is one
    /// @param daemon script that starts the daemon, if it is built
    /// @param floor native floor, if it is compiled
    public record Workspace(
            Path scratch,
            Path kept,
            List<String> jvmOptions,
            Optional<String> cxf,
            Optional<String> python,
            Optional<Path> daemon,
            Optional<Path> floor) {}

    private final Workspace workspace;
    private final Clock clock;
    private final Map<BenchmarkCase.ServerSetup, RunningServer> running = new LinkedHashMap<>();
    private Optional<PostgresTestServer> postgres = Optional.empty();

    public ServerLauncher(Workspace workspace, Clock clock) {
        this.workspace = workspace;
        this.clock = clock;
    }

    public Map<BenchmarkCase.ServerSetup, RunningServer> running() {
        return running;
    }

    public RunningServer serverFor(BenchmarkCase.ServerSetup setup) throws IOException {
        var there = running.get(setup);
        if (there == null) {
            there = start(setup);
            running.put(setup, there);
        }
        return there;
    }

    private RunningServer start(BenchmarkCase.ServerSetup setup) throws IOException {
        var folder = workspace.scratch().resolve(setup.server().word() + "-" + setup.mailboxes());
        Files.createDirectories(folder);
        return switch (setup.server()) {
            case DAEMON -> daemon(folder, setup.mailboxes());
            case BARE, TIDEMARK, FLOOR -> speaking(setup, folder, server(setup, folder, ""));
            case POSTGRES, POSTGRES_FLOOR ->
                speaking(setup, folder, server(setup, folder, postgres().store()));
            case CXF ->
                speaking(
                        setup,
                        folder,
                        java(folder, workspace.cxf().orElseThrow(), "dev.tidemark.cxfendpoint.CxfEndpointMain"));
            case EXCHANGELIB -> speaking(setup, folder, python(folder));
            case NATIVE -> speaking(setup, folder, nativeFloor(folder));
        };
    }

    private static ServerProcess speaking(BenchmarkCase.ServerSetup setup, Path folder, List<String> command)
            throws IOException {
        return ServerProcess.start(command, folder, setup.mailboxes());
    }

    private List<String> python(Path folder) throws IOException {
        return List.of(
                workspace.python().orElseThrow(), PythonLocator.script(folder).toString());
    }

    private List<String> server(BenchmarkCase.ServerSetup setup, Path folder, String postgres) {
        return java(
                folder,
                System.getProperty("java.class.path", ""),
                MeasuredServerMain.class.getName(),
                setup.server().name(),
                folder.toString(),
                Integer.toString(setup.mailboxes()),
                workspace.kept().toString(),
                postgres);
    }

    private PostgresTestServer postgres() throws IOException {
        if (postgres.isEmpty()) {
            postgres = Optional.of(PostgresTestServer.startIn(
                    Files.createDirectories(workspace.scratch().resolve("postgres"))));
        }
        return postgres.get();
    }

    private BenchmarkDaemonProcess daemon(Path folder, int mailboxes) throws IOException {
        var configuration = DaemonFolder.withDisabledSink(folder, mailboxes, workspace.kept(), clock);
        var account = java(
                folder, System.getProperty("java.class.path", ""), StoreAccount.class.getName(), folder.toString());
        return BenchmarkDaemonProcess.start(
                workspace.daemon().orElseThrow(), folder, configuration, jvmOptions(folder), account);
    }

    private List<String> nativeFloor(Path folder) throws IOException {
        var answer = Files.write(folder.resolve("answer"), MeasuredServerMain.ok());
        return List.of(
                workspace.floor().orElseThrow().toString(),
                folder.resolve("bodies").toString(),
                answer.toString());
    }

    private List<String> jvmOptions(Path folder) {
        return workspace.jvmOptions().stream()
                .map(option -> option.replace("%FOLDER%", folder.toString()))
                .toList();
    }

    private List<String> java(Path folder, String classPath, String... rest) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        command.addAll(jvmOptions(folder));
        command.addAll(List.of("-cp", classPath.replace(File.pathSeparator + File.pathSeparator, File.pathSeparator)));
        command.addAll(List.of(rest));
        return command;
    }

    @Override
    public void close() {
        running.values().forEach(RunningServer::close);
        postgres.ifPresent(PostgresTestServer::close);
    }

    /// Server under measurement in a separate process, and the mailboxes that call it back. Not thread-safe; used
    /// by one thread.
    public interface RunningServer extends AutoCloseable {
        MailboxPopulation population();

        LoadTarget target(ConnectionMode transport);

        /// Returns the processor time that it has used so far.
        Duration processorTime();

        /// Stops it and returns the counts of kept events.
        MeasuredServer.Account stop() throws IOException;

        @Override
        void close();
    }
}
