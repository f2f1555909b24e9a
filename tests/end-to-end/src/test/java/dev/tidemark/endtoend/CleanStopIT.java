package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Sends SIGTERM under load at any time.
final class CleanStopIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void after_a_clean_stop_nothing_comes_twice() {
        try (var scene = EndToEndScene.in(folder, "ada@example.com", "grace@example.com")
                .with("compensator", "silence-after", "6s")
                .with("compensator", "first-callback", "6s")) {
            var daemon = scene.startSubscribed();
            try (var load = SteadyMailLoad.on(scene, 100)) {
                for (var stop = 1; stop <= 2; stop++) {
                    var goal = scene.webhook()
                                    .story()
                                    .items(DeliveryHistory.RECEIVED)
                                    .size()
                            + 150;
                    EndToEndScene.await("deliveries before stop " + stop)
                            .until(() -> scene.webhook()
                                            .story()
                                            .items(DeliveryHistory.RECEIVED)
                                            .size()
                                    >= goal);
                    assertThat(daemon.terminate()).isZero();
                    daemon = scene.start();
                }
                load.assertStillRunning();
            }
            scene.awaitAllReceived();

            assertThat(scene.webhook().story().repetitions()).isZero();
            scene.webhook().story().assertNoneDoubled(DeliveryHistory.RECEIVED);
            scene.assertInOrder();
        }
    }

    /// The daemon accepts callbacks before it is ready; every acknowledged one must arrive.
    @Test
    void a_stop_before_it_is_ready_is_a_clean_stop_too() {
        try (var scene = EndToEndScene.in(folder, "ada@example.com", "grace@example.com")
                .with("listener", "drain", "2s")
                // for a start that takes longer than Exchange retries
                .with("compensator", "silence-after", "6s")
                .with("compensator", "first-callback", "6s")) {
            assertThat(scene.startSubscribed().terminate()).isZero();
            var daemon = scene.startUntilCallbacksAreTaken();
            scene.addresses().forEach(address -> scene.mailbox(address).deliver("a late mail"));
            assertThat(daemon.terminate()).as(daemon::output).isZero();

            scene.start();
            scene.awaitAllReceived();
            assertThat(scene.webhook().story().repetitions()).isZero();
            scene.webhook().story().assertNoneDoubled(DeliveryHistory.RECEIVED);
            scene.assertInOrder();
        }
    }
}
