package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// SIGKILL under load, again and again.
final class KillIT {
    private static final int KILLS = 10;
    private static final int MAILS_PER_SECOND = 100;
    private static final int IN_FLIGHT = 4;
    private static final long SECOND = 1_000_000_000L;

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
            assertFewRepetitions(story, kills);
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

    /// After each kill, what comes again is at most what was under way and what came in the second before.
    private static void assertFewRepetitions(Story story, List<Long> kills) {
        for (var i = 0; i < kills.size(); i++) {
            var kill = kills.get(i);
            var end = i + 1 < kills.size() ? kills.get(i + 1) : Long.MAX_VALUE;
            var known = new HashSet<String>();
            var lastSecond = 0;
            var again = 0;
            for (var delivery : story.deliveries()) {
                if (delivery.at() <= kill) {
                    known.add(delivery.id());
                    lastSecond += kill - delivery.at() <= SECOND ? 1 : 0;
                } else if (delivery.at() < end && !known.add(delivery.id())) {
                    again++;
                }
            }
            assertThat(again).as("deliveries again after kill " + (i + 1)).isLessThanOrEqualTo(lastSecond + IN_FLIGHT);
        }
    }
}
