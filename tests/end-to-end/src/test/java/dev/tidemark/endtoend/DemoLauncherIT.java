package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Runs the whole demo with the operator's launcher.
final class DemoLauncherIT {
    @Test
    void the_demo_under_faults_misses_nothing() throws IOException, InterruptedException {
        var result = CommandRunner.run(
                Duration.ofMinutes(5),
                List.of(InstalledDistribution.launcher().toString(), "demo", "--duration", "10s", "--faults"));

        assertThat(result.exit()).as(result::all).isZero();
        assertThat(result.out().getLast())
                .matches("sent \\d+ acknowledged \\d+ delivered \\d+ duplicates \\d+ missing 0");
        assertThat(result.out().getFirst()).contains("http://127.0.0.1:");
        assertThat(result.stackTraces()).isEmpty();
    }
}
