package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.mailbox.SimulatedMail;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Checks a watermark that Exchange no longer knows.
final class ResyncIT {
    private static final String ADA = "ada@example.com";
    private static final String SYNC = "SyncFolderItems";
    private static final int OLD = 700;
    /// More than one page of 512.
    private static final int MISSED = 560;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void a_refused_watermark_loses_doubles_and_digs_up_nothing() {
        try (var scene = scene()) {
            var old = seedOldItems(scene);
            scene.startSubscribed();
            scene.mailbox(ADA).deliver("by push");
            scene.awaitAllReceived();
            var created = missWithoutHistory(scene);
            try (var load = SteadyMailLoad.on(scene, 20)) {
                awaitResyncs(scene, 1);
                load.assertStillRunning();
            }

            assertNothingLostOrDoubled(scene, old, created);
            assertThat(scene.webhook().story().events(DeliveryHistory.RECEIVED))
                    .filteredOn(event -> event.event().path("origin").asString().equals("resync"))
                    .hasSizeGreaterThanOrEqualTo(MISSED - 10);
            assertThat(scene.tap().count(SYNC))
                    .as("pages of three folders, one of which needs three")
                    .isGreaterThanOrEqualTo(5);
            assertThat(scene.admin().state(ADA)).isEqualTo("active");
        }
    }

    @Test
    void a_resync_that_is_killed_between_two_pages_is_finished_after_the_restart() {
        try (var scene = scene()) {
            var old = seedOldItems(scene);
            var daemon = scene.startSubscribed();
            scene.mailbox(ADA).deliver("by push");
            scene.awaitAllReceived();
            var created = missWithoutHistory(scene);
            EndToEndScene.await("the second page")
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> scene.tap().count(SYNC) >= 2);
            daemon.kill();
            scene.mailbox(ADA).deliver("without a listener");
            scene.start();
            awaitResyncs(scene, 1);

            assertNothingLostOrDoubled(scene, old, created);
        }
    }

    @Test
    void a_later_resync_goes_on_where_the_first_one_ended_and_sees_deletions() {
        try (var scene = scene()) {
            var old = seedOldItems(scene);
            scene.startSubscribed();
            var kept = scene.mailbox(ADA).deliver("to be deleted unheard");
            scene.awaitAllReceived();
            var created = missWithoutHistory(scene);
            awaitResyncs(scene, 1);
            scene.awaitAllReceived();
            var pages = scene.tap().count(SYNC);

            scene.mailbox(ADA).delete(scene.mailbox(ADA).deliver("deleted while heard"));
            EndToEndScene.await("a deletion by push")
                    .until(() -> scene.webhook()
                                    .story()
                                    .events(DeliveryHistory.DELETED)
                                    .size()
                            == 1);
            scene.exchange().forgetSubscriptions();
            scene.mailbox(ADA).delete(kept);
            scene.mailbox(ADA).deliver("missed again");
            scene.mailbox(ADA).forgetHistory();
            awaitResyncs(scene, 2);

            assertNothingLostOrDoubled(scene, old, created);
            scene.webhook().story().assertNoneDoubled(DeliveryHistory.DELETED);
            assertThat(scene.webhook().story().items(DeliveryHistory.DELETED))
                    .hasSize(2)
                    .contains(kept.id());
            assertThat(scene.tap().count(SYNC) - pages)
                    .as("one page for each folder")
                    .isEqualTo(3);
        }
    }

    private EndToEndScene scene() {
        return EndToEndScene.in(folder, ADA)
                .with("group", "folders", "[ inbox, calendar, sentitems ]")
                .with("group", "events", "[ NewMail, Created, Deleted ]")
                .with("compensator", "silence-after", "3s")
                // a machine that stalls renews the subscription before it ends
                .with("compensator", "first-callback", "60s");
    }

    private static void awaitResyncs(EndToEndScene scene, int number) {
        EndToEndScene.await("resync " + number)
                .until(() ->
                        scene.webhook().story().events(DeliveryHistory.RESYNCED).size() == number);
    }

    private static void assertNothingLostOrDoubled(EndToEndScene scene, Set<String> old, Set<String> created) {
        scene.awaitAllReceived();
        var all = new HashSet<>(created);
        all.addAll(scene.deliveredItems());
        EndToEndScene.await("every item at the webhook")
                .untilAsserted(() -> assertThat(scene.webhook().story().items(DeliveryHistory.CREATED))
                        .containsExactlyInAnyOrderElementsOf(all));
        var story = scene.webhook().story();
        assertThat(story.items(DeliveryHistory.RECEIVED))
                .containsExactlyInAnyOrderElementsOf(scene.deliveredItems())
                .doesNotContainAnyElementsOf(old);
        story.assertNoneDoubled(DeliveryHistory.RECEIVED);
        story.assertNoneDoubled(DeliveryHistory.CREATED);
        scene.assertInOrder();
    }

    private static Set<String> seedOldItems(EndToEndScene scene) {
        var yesterday = Instant.now().minus(Duration.ofDays(1));
        var old = new HashSet<String>();
        for (var i = 0; i < OLD; i++) {
            var mail = SimulatedMail.of("old " + i).receivedAt(yesterday.plusSeconds(i));
            old.add(scene.mailbox(ADA).seed("inbox", mail).id());
        }
        for (var i = 0; i < 20; i++) {
            var sent = SimulatedMail.of("old sent " + i).receivedAt(yesterday.plusSeconds(i));
            old.add(scene.mailbox(ADA).seed("sentitems", sent).id());
        }
        return old;
    }

    /// Causes changes during an outage whose history Exchange forgets; returns the items without a sender.
    private static Set<String> missWithoutHistory(EndToEndScene scene) {
        assertThat(scene.exchange().forgetSubscriptions()).isPositive();
        var created = new HashSet<String>();
        for (var i = 0; i < MISSED; i++) {
            scene.mailbox(ADA).deliver("missed " + i);
        }
        for (var i = 0; i < 10; i++) {
            var meeting = SimulatedMail.of("meeting " + i).ofClass("IPM.Appointment");
            created.add(scene.mailbox(ADA).create("calendar", meeting).id());
        }
        scene.mailbox(ADA).forgetHistory();
        return created;
    }
}
