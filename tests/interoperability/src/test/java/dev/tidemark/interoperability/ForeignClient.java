package dev.tidemark.interoperability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/// Runs clients that are programs of their own.
final class ForeignClient {
    /// Exit code and output of a program.
    record ClientRun(int status, String output) {
        /// Returns the steps that failed, from the JSON object on the last line: name and error.
        Map<String, String> failures() {
            assertThat(status).as("%s", output).isZero();
            var steps = JsonMapper.shared().readTree(output.lines().toList().getLast());
            assertThat(steps.size()).as("%s", output).isGreaterThan(15);
            var failures = new TreeMap<String, String>();
            steps.properties()
                    .forEach(step -> failures.put(step.getKey(), step.getValue().asString()));
            failures.values().removeIf("ok"::equals);
            return failures;
        }
    }

    private ForeignClient() {}

    /// Returns the folder for downloads, which lasts until the next clean build.
    static Path home(String name) throws IOException {
        return Files.createDirectories(
                Path.of(System.getProperty("scratch", "target")).resolve(name));
    }

    /// Returns the path of a script beside this class.
    static String script(String name) throws URISyntaxException {
        var script = Objects.requireNonNull(ForeignClient.class.getResource(name));
        return Path.of(script.toURI()).toString();
    }

    static ClientRun run(Path home, int seconds, String... command) throws InterruptedException {
        try {
            var output = Files.createTempFile(home, "output", ".txt");
            var process = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new ClientRun(-1, "no end in " + seconds + " s:\n" + Files.readString(output));
            }
            return new ClientRun(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            return new ClientRun(-1, String.valueOf(e));
        }
    }
}
