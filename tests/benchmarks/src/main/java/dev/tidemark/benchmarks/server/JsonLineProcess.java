package dev.tidemark.benchmarks.server;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Process that answers lines of JSON on its standard input with lines of JSON on its standard output. It ends
/// at the end of its input.
public final class JsonLineProcess implements AutoCloseable {
    private final Process process;
    private final BufferedWriter to;
    private final BufferedReader from;
    private final Path log;

    private JsonLineProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.to = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    public static JsonLineProcess start(List<String> command, Path log) throws IOException {
        return new JsonLineProcess(
                new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
    }

    public <T> T request(Object question, Class<T> answer) throws IOException {
        to.write(BenchmarkJsonCodec.line(question));
        to.newLine();
        to.flush();
        return read(answer);
    }

    /// Reads the process's next message.
    public <T> T read(Class<T> type) throws IOException {
        var line = line();
        if (line == null) {
            throw new BenchmarkException("A benchmark process ended early:\n" + Files.readString(log));
        }
        return BenchmarkJsonCodec.read(line, type);
    }

    /// Returns the next line of JSON; skips the JVM's own output.
    private @Nullable String line() throws IOException {
        var line = from.readLine();
        while (line != null && !line.startsWith("{")) {
            line = from.readLine();
        }
        return line;
    }

    /// Returns its processor time so far.
    public Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        try {
            to.close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
