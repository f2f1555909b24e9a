package dev.tidemark.endtoend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Collects the lines that a process writes. Thread-safe.
final class ProcessOutput {
    private static final Pattern FRAME =
            Pattern.compile("^\\s*(?:at [\\w.$/<>@]+\\(|Caused by: |Exception in thread )");

    private final List<String> lines = new ArrayList<>();
    private final Thread reader;

    /// Also copies the lines to a file, if there is one.
    ProcessOutput(String name, InputStream stream, Optional<Path> copy) {
        reader = Thread.ofVirtual().name(name).start(() -> read(stream, copy));
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    String text() {
        return String.join("\n", lines());
    }

    /// Returns lines that only a stack trace has.
    List<String> stackTraces() {
        return lines().stream().filter(line -> FRAME.matcher(line).find()).toList();
    }

    /// Waits for the last line of an ended process.
    void drain() throws InterruptedException {
        reader.join();
    }

    private void read(InputStream stream, Optional<Path> copy) {
        try (var text = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (var line = text.readLine(); line != null; line = text.readLine()) {
                add(line);
                if (copy.isPresent()) {
                    Files.writeString(copy.get(), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
    }
}
