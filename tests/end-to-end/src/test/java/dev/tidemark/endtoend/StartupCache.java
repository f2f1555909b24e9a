package dev.tidemark.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Classes of the daemon as the JVM loads them, recorded once for a run of the tests as the launcher records them for
/// an
/// operator. Tests start a hundred daemons, and the recording halves the processor time of a start. Thread-safe.
final class StartupCache {
    private static final long LIMIT_MINUTES = 5;

    private StartupCache() {}

    /// Records a start with these options of the JVM, the class path and the main class. Returns nothing if this JVM
    /// makes no recording; starts take longer then.
    static Optional<Path> record(List<String> start) {
        try {
            var file = Files.createTempDirectory("tidemark-startup").resolve("startup.aot");
            file.toFile().deleteOnExit();
            file.getParent().toFile().deleteOnExit();
            return Optional.of(file).filter(cache -> isRecorded(start, cache));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isRecorded(List<String> start, Path file) {
        var command = new ArrayList<>(start);
        command.add(1, "-XX:AOTCacheOutput=" + file);
        command.add("warm-up");
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                        .forEach(ProcessHandle::destroyForcibly);
                return false;
            }
            return process.exitValue() == 0 && Files.exists(file);
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
