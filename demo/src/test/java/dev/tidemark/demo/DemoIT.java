package dev.tidemark.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests the whole loop in this process.
class DemoIT {
    private final StringWriter out = new StringWriter();

    @Test
    void ends_with_nothing_missing(@TempDir Path folder) throws IOException {
        var report = folder.resolve("report.json");

        assertThat(execute("demo", "--duration", "3s", "--rate", "10", "--report", report.toString()))
                .isZero();

        var lines = out.toString().lines().toList();
        assertThat(lines.getFirst()).startsWith("status page: http://127.0.0.1:");
        assertThat(lines.getLast()).matches("sent (\\d+) acknowledged \\1 delivered \\1 duplicates 0 missing 0");
        assertThat(Files.readString(report)).contains("\"simulator\"", "\"receiver\"", "\"summary\"");
    }

    @Test
    void survives_what_goes_wrong() {
        assertThat(execute("demo", "--duration", "15s", "--faults", "--seed", "6"))
                .isZero();

        assertThat(out.toString().lines().toList().getLast())
                .matches("sent \\d+ acknowledged \\d+ delivered \\d+ duplicates \\d+ missing 0");
    }

    private int execute(String... arguments) {
        return DemoMain.commandLine().setOut(new PrintWriter(out, true)).execute(arguments);
    }
}
