package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.model.IntakeOutcome;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// Tests the reports of heartbeats to the sinks.
final class HeartbeatReportTest {
    private final List<String> reported = new CopyOnWriteArrayList<>();

    @Test
    void a_heartbeat_of_a_live_subscription_is_reported_with_its_time() {
        try (var running = new RunningListener()) {
            running.listener.reportHeartbeatsTo((mailbox, at) -> reported.add(mailbox + " " + at));
            running.intake.outcomeOf = ignored -> new IntakeOutcome.Superseded();
            running.post(CallbackBodies.heartbeat("w0", "w1"));
            running.intake.outcomeOf = ignored -> new IntakeOutcome.Stored(1, 0);
            running.post(CallbackBodies.newMail("w0", "w1", "item-1"));
            running.intake.outcomeOf = ignored -> new IntakeOutcome.HeartbeatOnly();
            running.post(CallbackBodies.heartbeat("w1", "w2"));
            await().until(() -> !reported.isEmpty());
        }
        assertThat(reported).containsExactly(RunningListener.ADA + " " + RunningListener.NOW);
    }

    @Test
    void a_failing_report_does_not_stop_the_responses() {
        try (var running = new RunningListener()) {
            running.listener.reportHeartbeatsTo((mailbox, at) -> {
                throw new IllegalStateException("Simulated failure.");
            });
            running.intake.outcomeOf = ignored -> new IntakeOutcome.HeartbeatOnly();
            assertThat(running.post(CallbackBodies.heartbeat("w0", "w1")).statusCode())
                    .isEqualTo(200);
            assertThat(running.post(CallbackBodies.heartbeat("w1", "w2")).statusCode())
                    .isEqualTo(200);
        }
    }
}
