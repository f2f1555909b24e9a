package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testpostgres.PostgresTestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Runs the daemon on PostgreSQL with a synchronous standby, which replaces the primary under load.
final class StandbyIT {
    private static final int SOME = 20;
    private static final int MAILS_PER_SECOND = 20;
    private static final String REFUSED = "tidemark_callbacks_total{result=\"store\"}";
    private static final String WAITS_FOR_STANDBY = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void nothing_acknowledged_is_lost_if_the_standby_replaces_the_primary() {
        try (var primary = PostgresTestServer.startIn(folder.resolve("primary"));
                var standby = primary.synchronousStandbyIn(folder.resolve("standby"));
                var scene = EndToEndScene.in(folder, "ada@example.com", "grace@example.com")
                        .with("store", "url", primary.withStandby(primary.store(), standby))
                        .with("compensator", "silence-after", "6s")
                        .with("compensator", "first-callback", "6s")) {
            var daemon = scene.startSubscribed();
            try (var load = SteadyMailLoad.on(scene, MAILS_PER_SECOND)) {
                scene.awaitMoreAcknowledged(SOME);
                assertWaitsFor(standby, primary, scene);
                scene.awaitMoreAcknowledged(SOME);
                replace(primary, standby, scene);
                scene.awaitMoreAcknowledged(SOME);
                load.assertStillRunning();
            }
            scene.awaitAllReceived();
            var story = scene.webhook().story();
            story.assertTellsAll(
                    DeliveryHistory.RECEIVED, scene.exchange().ledger().acknowledgedItems());
            story.assertNoneDoubled(DeliveryHistory.RECEIVED);
            scene.assertInOrder();
            assertThat(daemon.terminate()).isZero();
        }
    }

    /// Asserts that no callback is acknowledged that the standby does not have.
    private static void assertWaitsFor(PostgresTestServer standby, PostgresTestServer primary, EndToEndScene scene) {
        standby.freeze();
        try {
            primary.awaitRow(WAITS_FOR_STANDBY);
            // an acknowledgement of the commit before may be on its way
            awaitMails(scene);
            var acknowledged = scene.exchange().ledger().acknowledgedCount();
            awaitMails(scene);
            assertThat(scene.exchange().ledger().acknowledgedCount())
                    .as("acknowledged without the standby")
                    .isEqualTo(acknowledged);
        } finally {
            standby.thaw();
        }
    }

    private static void awaitMails(EndToEndScene scene) {
        var sent = scene.exchange().ledger().deliveredCount();
        EndToEndScene.await("mails").until(() -> scene.exchange().ledger().deliveredCount() > sent + SOME);
    }

    /// Ends the primary at once, and promotes the standby when callbacks are refused.
    private static void replace(PostgresTestServer primary, PostgresTestServer standby, EndToEndScene scene) {
        var refused = scene.admin().metric(REFUSED);
        primary.kill();
        EndToEndScene.await("readiness to end").until(() -> scene.admin().readiness() == 503);
        EndToEndScene.await("refused callbacks").until(() -> scene.admin().metric(REFUSED) > refused);
        standby.promote();
        EndToEndScene.await("readiness to come back").until(() -> scene.admin().readiness() == 200);
    }
}
