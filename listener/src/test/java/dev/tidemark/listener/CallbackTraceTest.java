package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.contract.RecordingEventTracer;
import dev.tidemark.contract.RecordingEventTracer.EndedCallback;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.IntakeOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Tests the traces of callbacks.
final class CallbackTraceTest {
    private final RecordingEventTracer tracer = new RecordingEventTracer();

    @Test
    void a_callback_with_events_is_traced_from_its_head_to_its_response() {
        try (var running = new RunningListener(tracer)) {
            running.intake.outcomeOf = callback -> {
                callback.trace().addEvent("evt_1");
                return new IntakeOutcome.Stored(2, 0);
            };
            assertThat(running.post(CallbackBodies.newMails("w0", "item-1", "item-2"))
                            .statusCode())
                    .isEqualTo(200);
            await().until(() -> !tracer.callbacks().isEmpty());
        }
        assertThat(tracer.callbacks())
                .containsExactly(new EndedCallback(
                        RunningListener.ADA.value(),
                        2,
                        List.of("commit started", "evt_1", "commit ended"),
                        "stored",
                        false));
    }

    @Test
    void a_callback_that_the_store_refuses_ends_as_refused() {
        try (var running = new RunningListener(tracer)) {
            running.intake.outcomeOf = ignored -> {
                throw new StoreException("The disk is full.");
            };
            assertThat(running.post(CallbackBodies.newMail("w0", "w1", "item-1"))
                            .statusCode())
                    .isEqualTo(503);
            await().until(() -> !tracer.callbacks().isEmpty());
        }
        assertThat(tracer.callbacks())
                .containsExactly(
                        new EndedCallback(RunningListener.ADA.value(), 1, List.of("commit started"), "refused", true));
    }

    @Test
    void a_heartbeat_is_not_traced() {
        try (var running = new RunningListener(tracer)) {
            running.post(CallbackBodies.heartbeat("w0", "w1"));
            running.post(CallbackBodies.newMail("w1", "w2", "item-1"));
            await().until(() -> !tracer.callbacks().isEmpty());
        }
        assertThat(tracer.callbacks()).extracting(EndedCallback::events).containsExactly(1);
    }
}
