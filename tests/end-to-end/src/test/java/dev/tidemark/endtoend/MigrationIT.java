package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testpostgres.PostgresTestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Moves the store of a daemon from files to PostgreSQL and back, while events wait for the webhook.
final class MigrationIT {
    private static final String ADA = "ada@example.com";
    private static final String GRACE = "grace@example.com";
    private static final int MAILS = 5;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private static void deliver(EndToEndScene scene) {
        for (var i = 0; i < MAILS; i++) {
            scene.mailbox(ADA).deliver("mail");
            scene.mailbox(GRACE).deliver("mail");
        }
    }

    private static void awaitAcknowledged(EndToEndScene scene) {
        EndToEndScene.await("every mail acknowledged")
                .until(() -> scene.exchange().ledger().acknowledgedItems().containsAll(scene.deliveredItems()));
    }

    /// Stops the daemon while events of one mailbox wait for their next attempt, and others for the webhook.
    private static void stopWithPendingDeliveries(EndToEndScene scene, DaemonProcess daemon) {
        scene.webhook().refuse(GRACE);
        scene.mailbox(GRACE).deliver("refused");
        EndToEndScene.await("a refused mail")
                .until(() -> scene.webhook().requests().stream().anyMatch(request -> !request.accepted()));
        scene.webhook().answerWith(503);
        deliver(scene);
        awaitAcknowledged(scene);
        assertThat(daemon.terminate()).isZero();
        scene.webhook().answerWith(204);
        scene.webhook().refuse("none");
    }

    private void migrate(EndToEndScene scene, String url) throws IOException, InterruptedException {
        var before = folder.resolve("before.yaml");
        Files.copy(folder.resolve("tidemark.yaml"), before, StandardCopyOption.REPLACE_EXISTING);
        var after = scene.with("store", "url", url).config().write(folder);
        var result = CommandRunner.tidemark("migrate", "--config", before.toString(), "--to-config", after.toString());
        assertThat(result.exit()).as(result::all).isZero();
        assertThat(result.out()).anyMatch(line -> line.matches("(.* )?DeliveryDeferred [1-9].*"));
    }

    @Test
    void deliveries_and_subscriptions_continue_in_the_other_store() throws Exception {
        try (var scene = EndToEndScene.patient(folder, ADA, GRACE).with("sink", "retry", "[ 3s, 3s, 3s, 3s, 3s ]")) {
            var daemon = scene.startSubscribed();
            deliver(scene);
            scene.awaitAllReceived();
            for (var url : new String[] {PostgresTestServer.newStore(), "jdbc:h2:file:./data/back"}) {
                stopWithPendingDeliveries(scene, daemon);
                migrate(scene, url);
                deliver(scene);
                daemon = scene.start();
                deliver(scene);
                scene.awaitAllReceived();
            }
            assertThat(daemon.terminate()).isZero();
            assertNothingLostOrRepeated(scene);
        }
    }

    private static void assertNothingLostOrRepeated(EndToEndScene scene) {
        var story = scene.webhook().story();
        story.assertTellsAll(DeliveryHistory.RECEIVED, scene.deliveredItems());
        story.assertNoneDoubled(DeliveryHistory.RECEIVED);
        assertThat(story.repetitions()).as("deliveries again").isZero();
        assertThat(story.events("dev.tidemark.subscription.lost"))
                .as("subscriptions that did not continue")
                .isEmpty();
        scene.assertInOrder();
    }
}
