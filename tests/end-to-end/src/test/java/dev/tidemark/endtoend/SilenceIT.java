package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Checks subscriptions that end without notice, and a daemon that returns in time.
final class SilenceIT {
    private static final String ADA = "ada@example.com";
    private static final String CREATED = "dev.tidemark.subscription.created";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void a_dropped_subscription_is_renewed_from_the_last_stored_watermark() {
        try (var scene = EndToEndScene.in(folder, ADA)
                .with("compensator", "silence-after", "3s")
                .with("compensator", "first-callback", "60s")) {
            scene.startSubscribed();
            scene.mailbox(ADA).deliver("before");
            scene.awaitAllReceived();
            var before = scene.tap().subscribes().size();
            var stored = scene.admin().mailbox(ADA).path("watermark").asString();
            assertThat(scene.exchange().forgetSubscriptions()).isPositive();
            for (var i = 0; i < 5; i++) {
                scene.mailbox(ADA).deliver("unheard " + i);
            }
            scene.awaitAllReceived();

            var renewal = scene.tap().subscribes().get(before);
            assertThat(renewal.watermark()).contains(stored);
            assertThat(renewal.mailbox()).isEqualTo(ADA);
            assertThat(scene.tap().count("SyncFolderItems")).isZero();
            scene.webhook().story().assertNoneDoubled(DeliveryHistory.RECEIVED);
            // more than once if the machine stalls for three seconds
            assertThat(scene.webhook().story().events("dev.tidemark.subscription.lost"))
                    .isNotEmpty();
            assertThat(scene.webhook().story().events(CREATED))
                    .extracting(event -> event.event().at("/data/reason").asString())
                    .startsWith("initial", "silence")
                    .containsOnlyOnce("initial");
            scene.assertInOrder();
        }
    }

    @Test
    void a_restart_within_the_limit_leaves_every_subscription_alone() {
        try (var scene = EndToEndScene.patient(folder, ADA, "grace@example.com")) {
            var first = scene.startSubscribed();
            scene.mailbox(ADA).deliver("before the stop");
            scene.awaitAllReceived();
            var token = scene.tap().subscribes(ADA).getLast().callback();

            assertThat(first.terminate()).isZero();
            var second = scene.start();
            scene.addresses().forEach(address -> scene.mailbox(address).deliver("after the stop"));
            scene.awaitAllReceived();
            second.kill();
            scene.start();
            scene.addresses().forEach(address -> scene.mailbox(address).deliver("after the kill"));
            scene.awaitAllReceived();

            assertThat(scene.tap().subscribes()).hasSize(2);
            assertThat(scene.tap().subscribes(ADA).getLast().callback()).isEqualTo(token);
            assertThat(scene.webhook().story().items(DeliveryHistory.RECEIVED)).hasSize(5);
            scene.webhook().story().assertNoneDoubled(DeliveryHistory.RECEIVED);
            scene.assertInOrder();
        }
    }

    @Test
    void a_mailbox_that_fell_silent_while_the_daemon_was_down_is_renewed_at_the_start() {
        try (var scene = EndToEndScene.in(folder, ADA)
                .with("compensator", "silence-after", "2s")
                .with("compensator", "first-callback", "60s")) {
            var first = scene.startSubscribed();
            scene.mailbox(ADA).deliver("before the stop");
            scene.awaitAllReceived();
            var before = scene.tap().subscribes().size();
            assertThat(first.terminate()).isZero();
            scene.exchange().forgetSubscriptions();
            scene.mailbox(ADA).deliver("without a listener");
            var stopped = System.nanoTime();
            EndToEndScene.await("silence").until(() -> System.nanoTime() - stopped > 2_000_000_000L);
            scene.start();
            scene.awaitAllReceived();

            assertThat(scene.tap().subscribes()).hasSizeGreaterThan(before);
            assertThat(scene.tap().subscribes().get(before).watermark()).isPresent();
            scene.webhook().story().assertNoneDoubled(DeliveryHistory.RECEIVED);
            scene.assertInOrder();
        }
    }
}
