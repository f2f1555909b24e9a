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

/// Starts the processes of the contestants, all Java ones with the same JVM flags, and keeps them until the
/// end.
public final class ServerLauncher implements AutoCloseable {
    /// Where processes of their own come from, and where they may write.
    ///
    /// @param cxf the class path of the JAX-WS end point, if it is built
    /// @param python a Python that has exchangelib, if there is one
    /// @param daemon the script that starts the daemon, if it is built
    /// @param floor the native floor, if it is compiled
    public record Workspace(
            Path scratch,
            Path kept,
            List<String> jvmOptions,
            Optional<String> cxf,
            Optional<String> python,
            Optional<Path> daemon,
            Optional<Path> floor) {}

    private final Workspace yard;
    private final Clock clock;
    private final Map<BenchmarkCase.Seat, RunningServer> running = new LinkedHashMap<>();

    public ServerLauncher(Workspace yard, Clock clock) {
        this.yard = yard;
        this.clock = clock;
    }

    public Map<BenchmarkCase.Seat, RunningServer> running() {
        return running;
    }

    public RunningServer at(BenchmarkCase.Seat seat) throws IOException {
        var there = running.get(seat);
        if (there == null) {
            there = start(seat);
            running.put(seat, there);
        }
        return there;
    }

    private RunningServer start(BenchmarkCase.Seat seat) throws IOException {
        var folder = yard.scratch().resolve(seat.rival().word() + "-" + seat.mailboxes());
        Files.createDirectories(folder);
        return switch (seat.rival()) {
            case DAEMON -> daemon(folder, seat.mailboxes());
            case BARE, TIDEMARK, FLOOR -> speaking(seat, folder, server(seat, folder));
            case CXF ->
                speaking(
                        seat,
                        folder,
                        java(folder, yard.cxf().orElseThrow(), "dev.tidemark.cxfendpoint.CxfEndpointMain"));
            case EXCHANGELIB -> speaking(seat, folder, python(folder));
            case NATIVE -> speaking(seat, folder, nativeFloor(folder));
        };
    }

    private static ServerProcess speaking(BenchmarkCase.Seat seat, Path folder, List<String> command)
            throws IOException {
        return ServerProcess.start(command, folder, seat.mailboxes());
    }

    private List<String> python(Path folder) throws IOException {
        return List.of(yard.python().orElseThrow(), PythonLocator.script(folder).toString());
    }

    private List<String> server(BenchmarkCase.Seat seat, Path folder) {
        return java(
                folder,
                System.getProperty("java.class.path", ""),
                MeasuredServerMain.class.getName(),
                seat.rival().name(),
                folder.toString(),
                Integer.toString(seat.mailboxes()),
                yard.kept().toString());
    }

    private BenchmarkDaemonProcess daemon(Path folder, int mailboxes) throws IOException {
        var configuration = DaemonFolder.withDisabledSink(folder, mailboxes, yard.kept(), clock);
        var account = java(
                folder, System.getProperty("java.class.path", ""), StoreAccount.class.getName(), folder.toString());
        return BenchmarkDaemonProcess.start(
                yard.daemon().orElseThrow(), folder, configuration, jvmOptions(folder), account);
    }

    private List<String> nativeFloor(Path folder) throws IOException {
        var answer = Files.write(folder.resolve("answer"), MeasuredServerMain.ok());
        return List.of(
                yard.floor().orElseThrow().toString(), folder.resolve("bodies").toString(), answer.toString());
    }

    private List<String> jvmOptions(Path folder) {
        return yard.jvmOptions().stream()
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
