package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testpostgres.PostgresTestServer;
import dev.tidemark.testpostgres.PostgresTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Runs the daemon with its store on a real PostgreSQL, and kills either of them under load.
final class PostgresStoreIT {
    private static final String ADA = "ada@example.com";
    private static final Duration MAX_LIFE = Duration.ofMillis(800);
    private static final int MAILS_PER_SECOND = 50;
    private static final String REFUSED = "tidemark_callbacks_total{result=\"store\"}";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    /// The first host is down. The server wants TLS and a password, which is in a file.
    private EndToEndScene secureScene(PostgresTestServer server) throws Exception {
        var tls = PostgresTls.createIn(folder);
        tls.require(server, "tidemark", "a secret");
        Files.writeString(folder.resolve("store.secret"), "a secret\n");
        var url = server.store()
                .replace("user=postgres&password=postgres&", "")
                .replace("//localhost:", "//localhost:1,localhost:");
        return EndToEndScene.in(folder, ADA)
                .with(
                        "store",
                        "url",
                        url + "&targetServerType=primary&sslmode=verify-full&sslrootcert=" + tls.authority())
                .with("store", "username", "tidemark")
                .with("store", "password", "${file:store.secret}");
    }

    @Test
    void a_mail_reaches_the_webhook_before_and_after_a_restart() throws Exception {
        try (var server = PostgresTestServer.startIn(folder.resolve("postgres"));
                var scene = secureScene(server)) {
            var daemon = scene.startSubscribed();
            assertThat(scene.admin().request("/health/ready").body()).contains("\"store\":\"up\"");
            scene.mailbox(ADA).deliver("before");
            scene.awaitAllReceived();
            assertThat(daemon.terminate()).isZero();

            scene.start();
            scene.mailbox(ADA).deliver("after");
            scene.awaitAllReceived();
            assertThat(scene.webhook().story().repetitions()).isZero();
            scene.assertInOrder();
            assertThat(folder.resolve("data/tidemark.store"))
                    .as("an embedded store")
                    .doesNotExist();
        }
    }

    @Test
    void a_daemon_that_is_killed_loses_and_doubles_nothing() {
        killDaemon(10);
    }

    @Test
    @Tag("soak")
    void so_does_one_that_is_killed_fifty_times() {
        killDaemon(50);
    }

    private void killDaemon(int times) {
        try (var scene = KillUnderLoad.scene(folder).with("store", "url", PostgresTestServer.newStore())) {
            new KillUnderLoad(times, MAX_LIFE).assertNothingLost(scene);
        }
    }

    @Test
    void a_server_that_ends_is_answered_503_until_it_is_back() {
        endServer(10);
    }

    @Test
    @Tag("soak")
    void so_it_is_when_the_server_ends_fifty_times() {
        endServer(50);
    }

    private void endServer(int times) {
        try (var server = PostgresTestServer.startIn(folder.resolve("postgres"));
                var scene = EndToEndScene.in(folder, ADA, "grace@example.com", "edsger@example.com")
                        .with("store", "url", server.store())
                        .with("compensator", "silence-after", "6s")
                        .with("compensator", "first-callback", "6s")) {
            var daemon = scene.startSubscribed();
            // a limit would end the mails that a long outage waits for
            try (var load = SteadyMailLoad.withoutLimit(scene, MAILS_PER_SECOND)) {
                for (var end = 0; end < times; end++) {
                    scene.awaitMoreAcknowledged(20);
                    endUnderLoad(server, scene);
                }
                scene.awaitMoreAcknowledged(20);
                load.assertStillRunning();
            }
            scene.awaitAllReceived();
            var story = scene.webhook().story();
            story.assertTellsAll(
                    DeliveryHistory.RECEIVED, scene.exchange().ledger().acknowledgedItems());
            story.assertNoneDoubled(DeliveryHistory.RECEIVED);
            assertThat(story.repetitions()).as("deliveries again").isZero();
            scene.assertInOrder();
            assertThat(daemon.terminate()).isZero();
        }
    }

    private static void endUnderLoad(PostgresTestServer server, EndToEndScene scene) {
        var refused = scene.admin().metric(REFUSED);
        server.kill();
        EndToEndScene.await("readiness to end").until(() -> scene.admin().readiness() == 503);
        // by the admission of callbacks or by the committer, whichever notices first
        EndToEndScene.await("refused callbacks").until(() -> scene.admin().metric(REFUSED) > refused);
        var acknowledged = scene.exchange().ledger().acknowledgedCount();
        var sent = scene.exchange().ledger().deliveredCount();
        EndToEndScene.await("mails").until(() -> scene.exchange().ledger().deliveredCount() > sent + 5);
        assertThat(scene.exchange().ledger().acknowledgedCount())
                .as("acknowledged without a server")
                .isEqualTo(acknowledged);
        server.restart();
        EndToEndScene.await("readiness to come back").until(() -> scene.admin().readiness() == 200);
    }

    @Test
    void the_demo_misses_nothing() throws IOException, InterruptedException {
        var result = CommandRunner.run(
                Duration.ofMinutes(5),
                InstalledDistribution.launcherCommand(
                        "demo", "--duration", "3s", "--store", PostgresTestServer.newStore()));

        assertThat(result.exit()).as(result::all).isZero();
        assertThat(result.out().getLast())
                .matches("sent \\d+ acknowledged \\d+ delivered \\d+ duplicates \\d+ missing 0");
        assertThat(result.stackTraces()).isEmpty();
    }
}
