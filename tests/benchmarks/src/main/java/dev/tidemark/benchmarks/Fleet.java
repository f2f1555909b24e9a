package dev.tidemark.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Starts the processes of the contestants, all Java ones with the same JVM flags, and keeps them until the
/// end.
final class Fleet implements AutoCloseable {
    /// Where processes of their own come from, and where they may write.
    ///
    /// @param cxf the class path of the JAX-WS end point, if it is built
    /// @param python a Python that has exchangelib, if there is one
    record Yard(Path scratch, Path kept, List<String> jvmOptions, Optional<String> cxf, Optional<String> python) {}

    private final Yard yard;
    private final Map<Entry.Seat, ServerProcess> running = new LinkedHashMap<>();

    Fleet(Yard yard) {
        this.yard = yard;
    }

    Map<Entry.Seat, ServerProcess> running() {
        return running;
    }

    ServerProcess at(Entry.Seat seat) throws IOException {
        var there = running.get(seat);
        if (there == null) {
            var folder = yard.scratch().resolve(seat.rival().word() + "-" + seat.mailboxes());
            Files.createDirectories(folder);
            there = ServerProcess.start(command(seat, folder), folder, seat.mailboxes());
            running.put(seat, there);
        }
        return there;
    }

    private List<String> command(Entry.Seat seat, Path folder) throws IOException {
        return switch (seat.rival()) {
            case BARE, TIDEMARK, FLOOR ->
                java(
                        folder,
                        System.getProperty("java.class.path", ""),
                        Server.class.getName(),
                        seat.rival().name(),
                        folder.toString(),
                        Integer.toString(seat.mailboxes()),
                        yard.kept().toString());
            case CXF -> java(folder, yard.cxf().orElseThrow(), "dev.tidemark.cxfendpoint.Main");
            case EXCHANGELIB ->
                List.of(yard.python().orElseThrow(), Python.script(folder).toString());
        };
    }

    private List<String> java(Path folder, String classPath, String... rest) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        yard.jvmOptions().forEach(option -> command.add(option.replace("%FOLDER%", folder.toString())));
        command.addAll(List.of("-cp", classPath.replace(File.pathSeparator + File.pathSeparator, File.pathSeparator)));
        command.addAll(List.of(rest));
        return command;
    }

    @Override
    public void close() {
        running.values().forEach(ServerProcess::close);
    }
}
