package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.fault.SimulatorFault;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Measures the path by a canary mailbox.
final class CanaryIT {
    private static final String CANARY = "canary@example.com";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void a_canary_is_measured_to_the_journal_and_the_sinks_and_removed() {
        try (var scene = scene("30s")) {
            scene.startSubscribed();
            EndToEndScene.await("a round").untilAsserted(() -> {
                assertThat(metric(scene, "canary_duration_seconds_count", "")).isPositive();
                assertThat(metric(scene, "canary_delivery_duration_seconds_count", ",sink=\"hook\""))
                        .isPositive();
            });
            assertThat(metric(scene, "canary_last_success_timestamp_seconds", ""))
                    .isPositive();
            assertThat(metric(scene, "canary_failing", "")).isZero();
            EndToEndScene.await("the removal of a message")
                    .until(() ->
                            metric(scene, "ews_requests_total", ",operation=\"DeleteItem\",outcome=\"success\"") >= 2);
            // a round in progress has at most one
            assertThat(scene.mailbox(CANARY).items("inbox")).hasSizeLessThan(2);
            assertThat(scene.webhook().story().events("dev.tidemark.mailbox.item.created"))
                    .isNotEmpty();
            scene.assertInOrder();
        }
    }

    @Test
    void a_canary_whose_callbacks_are_lost_is_a_problem_until_one_arrives() {
        try (var scene = scene("5s")) {
            scene.startSubscribed();
            scene.exchange().faults().rate(SimulatorFault.LOSE_NOTIFICATION, 1);
            EndToEndScene.await("the problem")
                    .untilAsserted(() -> assertThat(problems(scene))
                            .contains("\"area\":\"canary\"", "\"subject\":\"lab\"", "\"state\":\"overdue\""));
            assertThat(metric(scene, "canary_rounds_total", ",outcome=\"overdue\""))
                    .isPositive();
            assertThat(metric(scene, "canary_failing", "")).isEqualTo(1);
            scene.exchange().faults().rate(SimulatorFault.LOSE_NOTIFICATION, 0);
            EndToEndScene.await("its end")
                    .untilAsserted(() -> assertThat(problems(scene)).doesNotContain("\"canary\""));
        }
    }

    @Test
    void a_message_that_a_kill_left_is_removed_after_the_next_start() {
        try (var scene = scene("30s")) {
            // the round waits for this sink, with its message in the mailbox
            scene.webhook().down();
            var killed = scene.startSubscribed();
            EndToEndScene.await("the message of a round")
                    .untilAsserted(() ->
                            assertThat(scene.mailbox(CANARY).items("inbox")).isNotEmpty());
            killed.kill();
            var left = scene.mailbox(CANARY).items("inbox");
            assertThat(left).isNotEmpty();
            scene.webhook().up();
            scene.startSubscribed();
            EndToEndScene.await("the removal of the message")
                    .untilAsserted(() ->
                            assertThat(scene.mailbox(CANARY).items("inbox")).doesNotContainAnyElementsOf(left));
        }
    }

    @Test
    void a_sink_that_does_not_get_the_event_in_time_is_a_problem_until_it_does() {
        try (var scene = scene("5s")) {
            scene.webhook().answerWith(503);
            scene.startSubscribed();
            EndToEndScene.await("the problem")
                    .untilAsserted(() -> assertThat(problems(scene))
                            .contains("\"area\":\"canary\"", "\"state\":\"undelivered\"", "hook"));
            assertThat(metric(scene, "canary_rounds_total", ",outcome=\"undelivered\""))
                    .isPositive();
            scene.webhook().answerWith(200);
            EndToEndScene.await("its end")
                    .untilAsserted(() -> assertThat(problems(scene)).doesNotContain("\"canary\""));
        }
    }

    @Test
    void a_pause_of_the_connection_or_the_mailbox_is_no_failure_of_the_canary() {
        try (var scene = scene("5s")) {
            scene.startSubscribed();
            EndToEndScene.await("a round").until(() -> metric(scene, "canary_duration_seconds_count", "") >= 1);
            scene.admin().post("/api/v1/connections/lab/pause");
            awaitPausedRound(scene);
            scene.admin().post("/api/v1/connections/lab/resume");
            scene.admin().post("/api/v1/mailboxes/" + CANARY + "/pause");
            awaitPausedRound(scene);
            assertThat(metric(scene, "canary_rounds_total", ",outcome=\"refused\""))
                    .isZero();
            assertThat(metric(scene, "canary_rounds_total", ",outcome=\"overdue\""))
                    .isZero();
        }
    }

    private static void awaitPausedRound(EndToEndScene scene) {
        var before = metric(scene, "canary_rounds_total", ",outcome=\"paused\"");
        EndToEndScene.await("a paused round")
                .until(() -> metric(scene, "canary_rounds_total", ",outcome=\"paused\"") > before);
        assertThat(problems(scene)).doesNotContain("\"canary\"");
        assertThat(metric(scene, "canary_failing", "")).isZero();
    }

    private EndToEndScene scene(String overdueAfter) {
        return EndToEndScene.in(folder, CANARY)
                .with("group", "events", "[ Created ]")
                .with(
                        "connection",
                        "canary",
                        "{ mailbox: " + CANARY + ", interval: 1s, overdue-after: " + overdueAfter + " }");
    }

    private static String problems(EndToEndScene scene) {
        return scene.admin().get("/api/v1/status").path("problems").toString();
    }

    private static double metric(EndToEndScene scene, String name, String labels) {
        return scene.admin().metric("tidemark_" + name + "{connection=\"lab\"" + labels + "}");
    }
}
