package dev.tidemark.benchmarks.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Finds a Python that has exchangelib.
public final class PythonLocator {
    private static final String SCRIPT = "exchangelib_server.py";

    private PythonLocator() {}

    public static Optional<String> withExchangelib() {
        return List.of("python3", "/usr/bin/python3").stream()
                .filter(PythonLocator::importsIt)
                .findFirst();
    }

    private static boolean importsIt(String python) {
        try {
            var process = new ProcessBuilder(python, "-c", "import exchangelib")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException expected) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Puts the server's script into `folder`.
    static Path script(Path folder) throws IOException {
        var file = folder.resolve(SCRIPT);
        try (var resource = PythonLocator.class.getResourceAsStream(SCRIPT)) {
            if (resource == null) {
                throw new BenchmarkException(SCRIPT + " is missing in the benchmarks' jar.");
            }
            Files.copy(resource, file);
        }
        return file;
    }
}
