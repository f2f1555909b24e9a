package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.daemon.TestDaemonConfig;
import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests the start of a problem in the status of a whole daemon.
final class ProblemStartTest {
    @TempDir
    Path folder;

    private TidemarkDaemon start() throws IOException {
        var file = Files.writeString(folder.resolve("t.yaml"), TestDaemonConfig.TEXT);
        return TidemarkDaemon.start(
                TidemarkConfig.read(file, name -> Optional.of(ConfigFileTest.SECRET)), Clock.systemUTC());
    }

    private AdminClient client(TidemarkDaemon daemon) {
        return new AdminClient(daemon.adminAddress(), Optional.of(TestDaemonConfig.token(folder)));
    }

    private static Optional<Instant> disabledSince(AdminClient client) {
        return ((List<?>) client.get("/api/v1/status").get("problems"))
                .stream()
                        .map(problem -> (Map<?, ?>) problem)
                        .filter(problem -> "crm".equals(problem.get("subject")))
                        .filter(problem -> "disabled".equals(problem.get("state")))
                        .findFirst()
                        .map(problem -> Instant.parse(String.valueOf(problem.get("since"))));
    }

    private static Instant awaitDisabledSince(AdminClient client) {
        return await().atMost(Duration.ofMinutes(1))
                .until(() -> disabledSince(client), Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void a_disabled_sink_is_a_problem_since_the_request_also_after_a_restart() throws IOException {
        Instant since;
        try (var daemon = start();
                var client = client(daemon)) {
            var before = Instant.now().minusMillis(1);
            client.post("/api/v1/sinks/crm/disable");
            since = awaitDisabledSince(client);
            assertThat(since).isBetween(before, Instant.now());
        }
        try (var daemon = start();
                var client = client(daemon)) {
            assertThat(awaitDisabledSince(client)).isEqualTo(since);
        }
    }
}
