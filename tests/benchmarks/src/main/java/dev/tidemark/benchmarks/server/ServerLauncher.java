package dev.tidemark.benchmarks.server;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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
    private final Map<BenchmarkCase.Seat, RunningServer> running = new LinkedHashMap<>();

    public ServerLauncher(Workspace workspace, Clock clock) {
        this.workspace = workspace;
        this.clock = clock;
    }

    public Map<BenchmarkCase.Seat, RunningServer> running() {
        return running;
    }

    public RunningServer serverFor(BenchmarkCase.Seat seat) throws IOException {
        var there = running.get(seat);
        if (there == null) {
            there = start(seat);
            running.put(seat, there);
        }
        return there;
    }

    private RunningServer start(BenchmarkCase.Seat seat) throws IOException {
        var folder = workspace.scratch().resolve(seat.server().word() + "-" + seat.mailboxes());
        Files.createDirectories(folder);
        return switch (seat.server()) {
            case DAEMON -> daemon(folder, seat.mailboxes());
            case BARE, TIDEMARK, FLOOR -> speaking(seat, folder, server(seat, folder));
            case CXF ->
                speaking(
                        seat,
                        folder,
                        java(folder, workspace.cxf().orElseThrow(), "dev.tidemark.cxfendpoint.CxfEndpointMain"));
            case EXCHANGELIB -> speaking(seat, folder, python(folder));
            case NATIVE -> speaking(seat, folder, nativeFloor(folder));
        };
    }

    private static ServerProcess speaking(BenchmarkCase.Seat seat, Path folder, List<String> command)
            throws IOException {
        return ServerProcess.start(command, folder, seat.mailboxes());
    }

    private List<String> python(Path folder) throws IOException {
        return List.of(
                workspace.python().orElseThrow(), PythonLocator.script(folder).toString());
    }

    private List<String> server(BenchmarkCase.Seat seat, Path folder) {
        return java(
                folder,
                System.getProperty("java.class.path", ""),
                MeasuredServerMain.class.getName(),
                seat.server().name(),
                folder.toString(),
                Integer.toString(seat.mailboxes()),
                workspace.kept().toString());
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
    }
}
