package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Sends SIGKILL to the daemon under load, repeatedly, and compares the deliveries with the acknowledgements.
///
/// @param times number of kills
/// @param maxLife limit of the load after a start
record KillUnderLoad(int times, Duration maxLife) {
    private static final int MAILS_PER_SECOND = 100;
    private static final int IN_FLIGHT = 4;

    static EndToEndScene scene(Path folder) {
        return EndToEndScene.in(
                        folder, "ada@example.com", "grace@example.com", "edsger@example.com", "barbara@example.com")
                .with("sink", "concurrency", Integer.toString(IN_FLIGHT))
                .with("compensator", "silence-after", "6s")
                .with("compensator", "first-callback", "6s");
    }

    /// Asserts that each acknowledged mail is delivered, and that hardly any is delivered again.
    void assertNothingLost(EndToEndScene scene) {
        var kills = killUnderLoad(scene);
        scene.awaitAllReceived();

        var story = scene.webhook().story();
        story.assertTellsAll(DeliveryHistory.RECEIVED, scene.exchange().ledger().acknowledgedItems());
        story.assertNoneDoubled(DeliveryHistory.RECEIVED);
        assertThat(story.events(DeliveryHistory.GAP))
                .as("Exchange left nothing out")
                .isEmpty();
        new DuplicateBudget(story, kills, IN_FLIGHT).assertFew();
        scene.assertInOrder();
    }

    private List<Long> killUnderLoad(EndToEndScene scene) {
        var kills = new ArrayList<Long>();
        var random = new Random(20261122);
        var daemon = scene.startSubscribed();
        try (var load = SteadyMailLoad.on(scene, MAILS_PER_SECOND)) {
            for (var kill = 1; kill <= times; kill++) {
                scene.awaitMoreAcknowledged(20);
                assertThat(daemon.endsWithin(Duration.ofMillis(random.nextLong(maxLife.toMillis()))))
                        .isFalse();
                kills.add(daemon.kill());
                daemon = scene.start();
            }
            load.assertStillRunning();
        }
        return kills;
    }
}
