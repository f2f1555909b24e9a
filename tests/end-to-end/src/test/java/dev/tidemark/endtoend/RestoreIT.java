package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Restores a backup after the disk of the store is lost.
final class RestoreIT {
    private static final String ADA = "ada@example.com";
    private static final String GRACE = "grace@example.com";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private static void deliver(EndToEndScene scene, int mails) {
        for (var i = 0; i < mails; i++) {
            scene.mailbox(ADA).deliver("mail");
            scene.mailbox(GRACE).deliver("mail");
        }
    }

    private static void awaitAcknowledged(EndToEndScene scene) {
        EndToEndScene.await("every mail acknowledged")
                .until(() -> scene.exchange().ledger().acknowledgedItems().containsAll(scene.deliveredItems()));
    }

    private void backUp() throws IOException, InterruptedException {
        var result = CommandRunner.tidemark(
                "backup",
                "--config",
                folder.resolve("tidemark.yaml").toString(),
                "--to",
                folder.resolve("backup").toString());
        assertThat(result.exit()).as(result::all).isZero();
    }

    private void loseTheDisk() throws IOException {
        try (var files = Files.walk(folder.resolve("data"))) {
            for (var file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        }
    }

    private void restore() throws IOException, InterruptedException {
        var result = CommandRunner.tidemark(
                "restore",
                "--from",
                folder.resolve("backup").toString(),
                "--config",
                folder.resolve("tidemark.yaml").toString());
        assertThat(result.exit()).as(result::all).isZero();
        assertThat(result.stackTraces()).isEmpty();
    }

    @Test
    void the_receiver_gets_every_mail_and_no_sequence_number_means_two_things() throws Exception {
        try (var scene = EndToEndScene.patient(folder, ADA, GRACE)) {
            var daemon = scene.startSubscribed();
            deliver(scene, 10);
            scene.awaitAllReceived();
            scene.webhook().down();
            deliver(scene, 5);
            awaitAcknowledged(scene);
            backUp();
            deliver(scene, 5);
            awaitAcknowledged(scene);
            // the receiver knows numbers that the backup does not have
            scene.webhook().up();
            scene.awaitAllReceived();
            daemon.kill();
            loseTheDisk();
            deliver(scene, 3);
            restore();
            scene.startSubscribed();
            deliver(scene, 3);
            scene.awaitAllReceived();
            assertNoNumberMeansTwoThings(scene);
            scene.assertQuietConsoles();
        }
    }

    private static void assertNoNumberMeansTwoThings(EndToEndScene scene) {
        Map<String, String> ids = new HashMap<>();
        for (var event : scene.webhook().story().events()) {
            var before = ids.put(event.source() + " " + event.sequence(), event.id());
            assertThat(before)
                    .as("event %d of %s", event.sequence(), event.source())
                    .isNull();
        }
        assertThat(scene.webhook().complaints()).isEmpty();
        assertThat(ids).hasSizeGreaterThan(scene.deliveredItems().size());
    }
}
