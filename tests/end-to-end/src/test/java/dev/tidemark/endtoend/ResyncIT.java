package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.Mail;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// A watermark that Exchange no longer knows.
final class ResyncIT {
    private static final String ADA = "ada@example.com";
    private static final int OLD = 700;
    private static final int MISSED = 560;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void a_refused_watermark_loses_doubles_and_digs_up_nothing() {
        try (var scene = Scene.in(folder, ADA)
                .with("group", "folders", "[ inbox, calendar, sentitems ]")
                .with("group", "events", "[ NewMail, Created, Deleted ]")
                .with("compensator", "silence-after", "3s")
                .with("compensator", "first-callback", "60s")) {
            var old = seedOldItems(scene);
            scene.startSubscribed();
            scene.mailbox(ADA).deliver("by push");
            scene.awaitAllReceived();

            scene.exchange().forgetSubscriptions();
            var created = miss(scene);
            scene.mailbox(ADA).forgetHistory();
            try (var load = Load.on(scene, 20)) {
                Scene.await("the resync")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> !scene.webhook()
                                .story()
                                .events("dev.tidemark.mailbox.resync.completed")
                                .isEmpty());
                load.assertStillRunning();
            }
            scene.awaitAllReceived(Duration.ofSeconds(60));
            scene.exchange()
                    .ledger()
                    .delivered()
                    .forEach(mail -> created.add(mail.item().id()));
            Scene.await("every item at the webhook")
                    .untilAsserted(() -> assertThat(scene.webhook().story().items(Story.CREATED))
                            .containsAll(created));

            assertStory(scene, old);
        }
    }

    private static void assertStory(Scene scene, Set<String> old) {
        var story = scene.webhook().story();
        assertThat(story.items(Story.RECEIVED)).doesNotContainAnyElementsOf(old);
        assertThat(story.items(Story.CREATED)).doesNotContainAnyElementsOf(old);
        story.assertNoneDoubled(Story.RECEIVED);
        story.assertNoneDoubled(Story.CREATED);
        assertThat(story.items(Story.RECEIVED)).containsExactlyInAnyOrderElementsOf(scene.deliveredItems());
        assertThat(story.events(Story.RECEIVED))
                .filteredOn(event -> event.event().path("origin").asString().equals("resync"))
                .hasSizeGreaterThanOrEqualTo(MISSED - 10);
        assertThat(scene.tap().count("SyncFolderItems"))
                .as("pages of three folders, one of which needs three")
                .isGreaterThanOrEqualTo(5);
        assertThat(scene.admin().state(ADA)).isEqualTo("active");
        scene.assertInOrder();
    }

    private static Set<String> seedOldItems(Scene scene) {
        var yesterday = Instant.now().minus(Duration.ofDays(1));
        var old = new HashSet<String>();
        for (var i = 0; i < OLD; i++) {
            var mail = Mail.of("old " + i).receivedAt(yesterday.plusSeconds(i));
            old.add(scene.mailbox(ADA).seed("inbox", mail).id());
        }
        for (var i = 0; i < 20; i++) {
            var sent = Mail.of("old sent " + i).receivedAt(yesterday.plusSeconds(i));
            old.add(scene.mailbox(ADA).seed("sentitems", sent).id());
        }
        return old;
    }

    /// What happens while nobody calls back; returns the items that come from nobody.
    private static Set<String> miss(Scene scene) {
        var created = new HashSet<String>();
        for (var i = 0; i < MISSED; i++) {
            scene.mailbox(ADA).deliver("missed " + i);
        }
        for (var i = 0; i < 10; i++) {
            var meeting = Mail.of("meeting " + i).ofClass("IPM.Appointment");
            created.add(scene.mailbox(ADA).create("calendar", meeting).id());
        }
        return created;
    }
}
