package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Checks events with item details.
final class DetailIT {
    private static final String ADA = "ada@example.com";
    private static final String BOB = "bob@example.com";

    /// Value of the first group's last key, followed by a second group.
    private static final String MESSAGE_AND_A_THIN_GROUP = """
            message
              - name: thin
                connection: lab
                mailboxes: [ bob@example.com ]
                status-frequency: 30m
                forward-to: [ hook ]""";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void a_mail_is_told_of_and_a_mail_that_is_gone_is_not() {
        try (var scene = EndToEndScene.in(folder, ADA)) {
            scene.with("group", "detail", "message");
            scene.startSubscribed();
            scene.mailbox(ADA).deliver("Hello");
            scene.awaitAllReceived();
            var message = received(scene).getFirst().at("/data/message");
            assertThat(message.path("subject").asString()).isEqualTo("Hello");
            assertThat(message.at("/from/address").asString()).isEqualTo("grace@example.net");
            assertThat(message.path("itemClass").asString()).isEqualTo("IPM.Note");
            assertThat(message.path("internetMessageId").asString()).isNotEmpty();

            scene.tap().hold("GetItem");
            var gone = scene.mailbox(ADA).deliver("Gone");
            EndToEndScene.await("the question for it").until(() -> scene.tap().count("GetItem") > 1);
            scene.mailbox(ADA).delete(gone);
            scene.tap().release();
            scene.awaitAllReceived();
            var event = received(scene).getLast();
            assertThat(event.at("/data/detail").asString()).isEqualTo("not-found");
            assertThat(event.at("/data/message").isMissingNode()).isTrue();
            scene.assertInOrder();
        }
    }

    @Test
    void a_slow_exchange_holds_nobody_who_does_not_ask_and_a_kill_in_between_loses_nothing() {
        try (var scene = EndToEndScene.in(folder, ADA, BOB)) {
            scene.with("group", "mailboxes", "[ " + ADA + " ]").with("group", "detail", MESSAGE_AND_A_THIN_GROUP);
            var daemon = scene.startSubscribed();
            scene.tap().hold("GetItem");
            var slow = scene.mailbox(ADA).deliver("Slow");
            EndToEndScene.await("the question for it").until(() -> scene.tap().count("GetItem") > 0);
            var quick = scene.mailbox(BOB).deliver("Quick");
            EndToEndScene.await("the thin event")
                    .until(() -> scene.webhook()
                            .story()
                            .items(DeliveryHistory.RECEIVED)
                            .contains(quick.id()));
            assertThat(scene.webhook().story().items(DeliveryHistory.RECEIVED)).doesNotContain(slow.id());

            daemon.close();
            scene.tap().release();
            scene.start();
            scene.awaitAllReceived();
            var found = received(scene).stream()
                    .filter(event -> event.at("/data/item/id").asString().equals(slow.id()))
                    .toList();
            assertThat(found)
                    .allSatisfy(event -> assertThat(
                                    event.at("/data/message/subject").asString())
                            .isEqualTo("Slow"));
            assertThat(received(scene))
                    .anyMatch(event -> event.at("/data/message").isMissingNode());
            scene.assertInOrder();
        }
    }

    private static List<JsonNode> received(EndToEndScene scene) {
        return scene.webhook().story().events(DeliveryHistory.RECEIVED).stream()
                .map(ReceivedRequest::event)
                .toList();
    }
}
