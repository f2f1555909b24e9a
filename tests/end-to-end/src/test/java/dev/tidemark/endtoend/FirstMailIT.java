package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.values.MailboxAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Checks the path of one mail from Exchange to a webhook.
final class FirstMailIT {
    private static final String ADA = "ada@example.com";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void a_new_mail_reaches_the_webhook_as_the_contract_says() {
        try (var scene = EndToEndScene.in(folder, ADA)) {
            scene.startSubscribed();
            var before = Instant.now().minusSeconds(1);
            var item = scene.mailbox(ADA).deliver("Hello");
            scene.awaitAllReceived();

            var delivery =
                    scene.webhook().story().events(DeliveryHistory.RECEIVED).getFirst();
            assertEnvelope(delivery, scene.admin().mailbox(ADA).path("id").asString());
            var event = delivery.event();
            assertThat(Instant.parse(event.path("time").asString()))
                    .isBetween(before, Instant.now().plusSeconds(1));
            assertThat(Instant.parse(event.path("recordedtime").asString()))
                    .isBetween(before, Instant.now().plusSeconds(1));
            assertThat(event.at("/data/mailbox/address").asString()).isEqualTo(ADA);
            assertThat(event.at("/data/mailbox/group").asString()).isEqualTo(DaemonConfig.GROUP);
            assertThat(event.at("/data/change/kind").asString()).isEqualTo("NewMail");
            assertThat(event.at("/data/item/id").asString()).isEqualTo(item.id());
            assertThat(event.at("/data/parentFolder/id").asString()).isNotEmpty();
            assertThat(event.at("/data/change").propertyNames()).containsExactly("kind");
            assertThat(event.at("/data/item").propertyNames()).containsExactly("id");
            scene.assertInOrder();
            assertMeasured(scene);
        }
    }

    private static void assertMeasured(EndToEndScene scene) {
        var admin = scene.admin();
        assertThat(admin.metric("tidemark_acknowledgement_duration_seconds_count"))
                .isPositive();
        assertThat(admin.metric("tidemark_store_sync_duration_seconds_count")).isPositive();
        assertThat(admin.metric("tidemark_store_log_bytes")).isPositive();
        assertThat(admin.metric("tidemark_journal_events_total{origin=\"push\"}"))
                .isEqualTo(1);
        assertThat(admin.metric("tidemark_delivery_lag_seconds_count{sink=\"hook\"}"))
                .isPositive();
        assertThat(admin.metric("tidemark_delivery_duration_seconds_count{sink=\"hook\"}"))
                .isPositive();
        assertThat(admin.metric("tidemark_mailbox_silence_seconds_count")).isEqualTo(1);
        assertThat(admin.metric(
                        "tidemark_ews_requests_total{connection=\"lab\",operation=\"Subscribe\",outcome=\"success\"}"))
                .isEqualTo(1);
        assertThat(admin.metric(
                        "tidemark_ews_request_duration_seconds_count{connection=\"lab\"," + "operation=\"Subscribe\"}"))
                .isEqualTo(1);
        assertThat(admin.request("/metrics").body()).contains("tidemark_callbacks_by_server_total{server=");
    }

    @Test
    void a_heartbeat_of_exchange_reaches_the_webhook_that_names_it() {
        try (var scene = EndToEndScene.in(folder, ADA)) {
            scene.with("group", "status-frequency", "5m")
                    .with("sink", "events", "[ dev.tidemark.heartbeat ]")
                    .startSubscribed();
            EndToEndScene.await("a heartbeat")
                    .until(() -> !scene.webhook()
                            .story()
                            .events("dev.tidemark.heartbeat")
                            .isEmpty());
            var event = scene.webhook().story().events().getFirst();
            assertThat(event.type()).isEqualTo("dev.tidemark.heartbeat");
            assertThat(event.subject()).isEqualTo(ADA);
        }
    }

    @Test
    void a_mailbox_may_be_impersonated_by_its_sid() throws IOException {
        try (var scene = EndToEndScene.in(folder, ADA)) {
            var sid = scene.exchange().sidOf(new MailboxAddress(ADA));
            Files.writeString(folder.resolve("mailboxes.csv"), "mail,SID\n" + ADA + "," + sid + "\n");
            scene.with("connection", "impersonate-by", "sid")
                    .with("group", "mailboxes", "[ ]")
                    .with("group", "mailboxes-file", "mailboxes.csv");
            scene.startSubscribed();
            scene.mailbox(ADA).deliver("Hello");
            scene.awaitAllReceived();
            scene.assertInOrder();
        }
    }

    @Test
    void events_name_their_folder_as_soon_as_its_name_is_known() {
        try (var scene = EndToEndScene.in(folder, ADA)) {
            scene.startSubscribed();
            await().pollInterval(Duration.ofMillis(300)).untilAsserted(() -> {
                scene.mailbox(ADA).deliver("Hello");
                scene.awaitAllReceived();
                var event = scene.webhook()
                        .story()
                        .events(DeliveryHistory.RECEIVED)
                        .getLast()
                        .event();
                assertThat(event.at("/data/parentFolder/wellKnown").asString()).isEqualTo("inbox");
                assertThat(event.at("/data/parentFolder/name").asString()).isEqualTo("Inbox");
            });
        }
    }

    @Test
    void what_exchange_sends_before_its_subscribe_response_counts() {
        try (var scene = EndToEndScene.patient(folder, ADA)) {
            scene.exchange().faults().next(SimulatorFault.EARLY_NOTIFICATION, 1);
            scene.startSubscribed();
            scene.mailbox(ADA).deliver("after the early heartbeat");
            scene.awaitAllReceived();

            assertThat(scene.exchange().faults().count(SimulatorFault.EARLY_NOTIFICATION))
                    .isEqualTo(1);
            assertThat(scene.tap().subscribes()).hasSize(1);
            assertThat(scene.admin().total("gaps")).isZero();
            scene.assertInOrder();
        }
    }

    @Test
    void a_subscribe_response_that_is_lost_loses_no_mail() {
        try (var scene = EndToEndScene.in(folder, ADA)) {
            scene.exchange().faults().next(SimulatorFault.LOSE_SUBSCRIBE_RESPONSE, 1);
            scene.startSubscribed();
            scene.mailbox(ADA).deliver("Hello");
            scene.awaitAllReceived();

            scene.webhook().story().assertNoneDoubled(DeliveryHistory.RECEIVED);
            scene.assertInOrder();
        }
    }

    @Test
    void a_call_back_that_is_repeated_becomes_no_second_event() {
        try (var scene = EndToEndScene.in(folder, ADA)) {
            scene.startSubscribed();
            scene.exchange().faults().next(SimulatorFault.LOSE_REPLY, 2);
            scene.mailbox(ADA).deliver("sent three times");
            EndToEndScene.await("the repetition's acknowledgement")
                    .until(() -> !scene.exchange().ledger().acknowledged().isEmpty());
            scene.mailbox(ADA).deliver("sent once");
            scene.awaitAllReceived();

            assertThat(scene.exchange().faults().count(SimulatorFault.LOSE_REPLY))
                    .isEqualTo(2);
            assertThat(scene.webhook().story().events(DeliveryHistory.RECEIVED)).hasSize(2);
            assertThat(scene.webhook().story().repetitions()).isZero();
            assertThat(scene.admin().total("duplicates")).isPositive();
            assertThat(scene.admin().total("gaps")).isZero();
            scene.assertInOrder();
        }
    }

    @Test
    void a_webhook_that_is_down_for_a_while_gets_everything_once_it_is_back() {
        try (var scene = EndToEndScene.in(folder, ADA, "grace@example.com")) {
            scene.startSubscribed();
            scene.mailbox(ADA).deliver("before");
            scene.awaitAllReceived();
            scene.webhook().down();
            for (var i = 0; i < 20; i++) {
                scene.mailbox(scene.addresses().get(i % 2)).deliver("meanwhile " + i);
            }
            EndToEndScene.await("acknowledgements in spite of it")
                    .until(() -> scene.exchange().ledger().acknowledgedItems().size() == 21);
            EndToEndScene.await("the sink is held")
                    .until(() -> sink(scene).path("state").asString().equals("held"));
            scene.webhook().up();
            scene.awaitAllReceived();

            scene.webhook().story().assertNoneDoubled(DeliveryHistory.RECEIVED);
            assertThat(scene.admin().total("deadLetters")).isZero();
            EndToEndScene.await("the sink is free")
                    .until(() -> sink(scene).path("state").asString().equals("active"));
            scene.assertInOrder();
        }
    }

    private static JsonNode sink(EndToEndScene scene) {
        return scene.admin().get("/api/v1/sinks").at("/items/0");
    }

    private static void assertEnvelope(ReceivedRequest delivery, String mailboxId) {
        var event = delivery.event();
        assertThat(delivery.contentType()).isEqualToIgnoringCase("application/cloudevents+json; charset=utf-8");
        assertThat(delivery.attempt()).isEqualTo("1");
        assertThat(event.propertyNames())
                .containsExactlyInAnyOrder(
                        "specversion",
                        "id",
                        "type",
                        "source",
                        "subject",
                        "time",
                        "recordedtime",
                        "datacontenttype",
                        "sequence",
                        "partitionkey",
                        "origin",
                        "data");
        assertThat(event.path("specversion").asString()).isEqualTo("1.0");
        assertThat(delivery.id()).matches("evt_[a-z0-9]{26}");
        assertThat(mailboxId).matches("mbx_[a-z2-7]{16}");
        assertThat(delivery.source()).isEqualTo("/tidemark/" + DaemonConfig.INSTANCE + "/mailboxes/" + mailboxId);
        assertThat(delivery.subject()).isEqualTo(ADA);
        assertThat(event.path("datacontenttype").asString()).isEqualTo("application/json");
        assertThat(event.path("sequence").asString()).matches("\\d{20}");
        assertThat(event.path("partitionkey").asString()).isEqualTo(mailboxId);
        assertThat(event.path("origin").asString()).isEqualTo("push");
        assertThat(event.at("/data/mailbox/id").asString()).isEqualTo(mailboxId);
    }
}
