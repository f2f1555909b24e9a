package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// SIGKILL under load, again and again.
final class KillIT {
    private static final int KILLS = 10;
    private static final int MAILS_PER_SECOND = 100;
    private static final int IN_FLIGHT = 4;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void what_was_acknowledged_is_delivered_whole_and_hardly_twice() {
        try (var scene = Scene.in(
                        folder, "ada@example.com", "grace@example.com", "edsger@example.com", "barbara@example.com")
                .with("sink", "concurrency", Integer.toString(IN_FLIGHT))
                .with("compensator", "silence-after", "6s")
                .with("compensator", "first-callback", "6s")) {
            var kills = killUnderLoad(scene);
            scene.awaitAllReceived(Duration.ofSeconds(60));

            var story = scene.webhook().story();
            assertThat(story.items(Story.RECEIVED))
                    .containsAll(scene.exchange().ledger().acknowledgedItems());
            story.assertNoneDoubled(Story.RECEIVED);
            assertThat(story.events(Story.GAP)).as("Exchange left nothing out").isEmpty();
            new Repetitions(story, kills, IN_FLIGHT).assertFew();
            scene.assertInOrder();
        }
    }

    private static List<Long> killUnderLoad(Scene scene) {
        var kills = new ArrayList<Long>();
        var daemon = scene.startSubscribed();
        try (var load = Load.on(scene, MAILS_PER_SECOND)) {
            for (var kill = 1; kill <= KILLS; kill++) {
                var goal = scene.exchange().ledger().acknowledgedItems().size() + 50 + 7 * kill;
                Scene.await("call-backs before kill " + kill)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() ->
                                scene.exchange().ledger().acknowledgedItems().size() >= goal);
                kills.add(daemon.kill());
                daemon = scene.start();
            }
            load.assertStillRunning();
        }
        return kills;
    }
}
