package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Runs commands that end on their own and captures their output.
final class CommandRunner {
    /// Exit code and output of a command.
    record Result(int exit, List<String> out, List<String> err, List<String> stackTraces) {
        String all() {
            return String.join("\n", out) + "\n" + String.join("\n", err);
        }
    }

    private CommandRunner() {}

    /// Runs a command of the daemon, e.g. `check`.
    static Result tidemark(String... arguments) throws IOException, InterruptedException {
        return run(Duration.ofMinutes(2), InstalledDistribution.command(arguments));
    }

    static Result run(Duration limit, List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        var out = new ProcessOutput("out", process.getInputStream(), Optional.empty());
        var err = new ProcessOutput("err", process.getErrorStream(), Optional.empty());
        try {
            assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                    .as(() -> command.getLast() + " ends within " + limit + "; it said:\n" + out.text() + err.text())
                    .isTrue();
        } finally {
            process.toHandle().destroyForcibly();
        }
        out.drain();
        err.drain();
        var traces = List.of(out.stackTraces(), err.stackTraces()).stream()
                .flatMap(List::stream)
                .toList();
        return new Result(process.exitValue(), out.lines(), err.lines(), traces);
    }

    /// Asserts exit code 4 and one line on standard error that names the cause. Log lines and configuration
    /// warnings do not count.
    static void assertSentence(Result result, String cause) {
        assertThat(result.exit()).as(result::all).isEqualTo(4);
        assertThat(result.err())
                .filteredOn(line -> !line.matches("\\d{4}-\\d\\d-\\d\\dT.*|.*: warning: .*"))
                .singleElement()
                .asString()
                .contains(cause)
                .endsWith(".");
        assertThat(result.stackTraces()).isEmpty();
    }
}
