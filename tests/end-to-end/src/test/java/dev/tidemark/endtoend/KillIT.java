package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Sends SIGKILL under load, repeatedly.
final class KillIT {
    private static final int MAILS_PER_SECOND = 100;
    private static final int IN_FLIGHT = 4;
    /// Milliseconds of load. Long enough to distinguish saved from unsaved positions.
    private static final int MAX_LIFE = 2_000;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void what_was_acknowledged_is_delivered_whole_and_hardly_twice() {
        killAndCompare(10);
    }

    @Test
    @Tag("soak")
    void so_it_is_after_a_hundred_kills() {
        killAndCompare(100);
    }

    private void killAndCompare(int times) {
        try (var scene = EndToEndScene.in(
                        folder, "ada@example.com", "grace@example.com", "edsger@example.com", "barbara@example.com")
                .with("sink", "concurrency", Integer.toString(IN_FLIGHT))
                .with("compensator", "silence-after", "6s")
                .with("compensator", "first-callback", "6s")) {
            var kills = killUnderLoad(scene, times);
            scene.awaitAllReceived();

            var story = scene.webhook().story();
            story.assertTellsAll(
                    DeliveryHistory.RECEIVED, scene.exchange().ledger().acknowledgedItems());
            story.assertNoneDoubled(DeliveryHistory.RECEIVED);
            assertThat(story.events(DeliveryHistory.GAP))
                    .as("Exchange left nothing out")
                    .isEmpty();
            new DuplicateBudget(story, kills, IN_FLIGHT).assertFew();
            scene.assertInOrder();
        }
    }

    private static List<Long> killUnderLoad(EndToEndScene scene, int times) {
        var kills = new ArrayList<Long>();
        var random = new Random(20261122);
        var daemon = scene.startSubscribed();
        try (var load = SteadyMailLoad.on(scene, MAILS_PER_SECOND)) {
            for (var kill = 1; kill <= times; kill++) {
                var goal = scene.exchange().ledger().acknowledgedCount() + 20;
                EndToEndScene.await("callbacks before kill " + kill)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> scene.exchange().ledger().acknowledgedCount() >= goal);
                assertThat(daemon.endsWithin(Duration.ofMillis(random.nextInt(MAX_LIFE))))
                        .isFalse();
                kills.add(daemon.kill());
                daemon = scene.start();
            }
            load.assertStillRunning();
        }
        return kills;
    }
}
