package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.values.MailboxAddress;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Checks callbacks that cannot reach the listener for a while.
final class FallbackIT {
    private static final String ADA = "ada@example.com";
    private static final String DEGRADED = "dev.tidemark.mailbox.push.degraded";
    private static final String RESTORED = "dev.tidemark.mailbox.push.restored";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void mails_arrive_by_polls_while_exchange_reaches_nobody_and_by_push_again_when_it_does() {
        try (var scene = scene("{ after: 2, transport: poll, delay: 1s, min-delay: 1s }")) {
            throughDegradationAndBack(scene, "poll");
        }
    }

    @Test
    void mails_arrive_by_a_stream_while_exchange_reaches_nobody_and_by_push_again_when_it_does() {
        try (var scene = scene("{ after: 2, transport: streaming }")) {
            // the wiretap would delay a stream
            scene.with("connection", "url", scene.exchange().url().toString());
            throughDegradationAndBack(scene, "stream");
            assertThat(scene.exchange().streamingSubscriptions(new MailboxAddress(ADA)))
                    .hasSizeLessThan(2);
        }
    }

    private EndToEndScene scene(String fallback) {
        return EndToEndScene.in(folder, ADA)
                .with("compensator", "first-callback", "2s")
                .with("compensator", "fallback", fallback);
    }

    private static void throughDegradationAndBack(EndToEndScene scene, String origin) {
        scene.exchange().faults().rate(SimulatorFault.UNREACHABLE, 1);
        var first = scene.start();
        // the subscription may fail before the test sees it active
        EndToEndScene.await("a subscription")
                .until(() ->
                        !scene.exchange().subscriptions(new MailboxAddress(ADA)).isEmpty());
        scene.mailbox(ADA).deliver("without a listener");
        awaitState(scene, "degraded");
        deliver(scene, origin, 3);
        scene.awaitAllReceived();
        assertThat(origins(scene)).containsExactly(origin);
        assertThat(scene.admin().mailbox(ADA).path("lastError").asString())
                .contains("does not call back at " + scene.config().listener() + "/ews/notifications/");

        first.kill();
        deliver(scene, "while the daemon is down", 3);
        scene.start();
        scene.awaitAllReceived();
        assertThat(scene.admin().state(ADA)).isEqualTo("degraded");

        scene.exchange().faults().rate(SimulatorFault.UNREACHABLE, 0);
        deliver(scene, "healed", 3);
        awaitState(scene, "active");
        deliver(scene, "push", 3);
        scene.awaitAllReceived();

        assertThat(origins(scene)).contains(origin, "push");
        scene.webhook().story().assertNoneDoubled(DeliveryHistory.RECEIVED);
        assertThat(scene.webhook().story().events(DEGRADED)).hasSize(1);
        EndToEndScene.await("the return of push at the webhook")
                .untilAsserted(() ->
                        assertThat(scene.webhook().story().events(RESTORED)).hasSize(1));
        scene.assertInOrder();
    }

    private static void deliver(EndToEndScene scene, String subject, int mails) {
        for (var i = 0; i < mails; i++) {
            scene.mailbox(ADA).deliver(subject + " " + i);
        }
    }

    private static void awaitState(EndToEndScene scene, String state) {
        EndToEndScene.await(state).until(() -> scene.admin().state(ADA).equals(state));
    }

    private static Set<String> origins(EndToEndScene scene) {
        return scene.webhook().story().events(DeliveryHistory.RECEIVED).stream()
                .map(event -> event.event().path("origin").asString())
                .collect(Collectors.toSet());
    }
}
