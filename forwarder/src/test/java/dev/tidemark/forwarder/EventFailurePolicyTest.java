package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.JournalEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EventFailurePolicyTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:15:02Z");

    private final EventFailurePolicy failures = new EventFailurePolicy(
            SinkControllerFixture.CRM, new RetrySchedule(List.of(Duration.ofSeconds(1))), () -> 0.5);

    @Test
    void an_undeliverable_event_is_reported() {
        var dead = dead(TestEvents.received(TestEvents.ADA, 1, 1));
        assertThat(dead.notice().orElseThrow().type()).isEqualTo("delivery.exhausted");
    }

    @Test
    void an_event_that_speaks_of_a_sink_is_a_dead_letter_and_makes_no_other() {
        var event = TestEvents.ofInstance(1, 1, "delivery.exhausted", Map.of("sink", "bus", "reason", "500"));
        var dead = dead(event);
        assertThat(dead.letter().event()).isEqualTo(event);
        assertThat(dead.notice()).isEmpty();
    }

    @Test
    void a_dead_event_about_a_connection_is_reported() {
        assertThat(dead(TestEvents.ofInstance(1, 1, "connection.available", Map.of("connection", "onprem")))
                        .notice())
                .isPresent();
    }

    private EventFailurePolicy.DeadLettered dead(JournalEvent event) {
        return failures.deadLetter(
                new PendingDelivery(event, "lane", Optional.empty(), PendingDelivery.AttemptHistory.NONE, 1),
                new DeliveryOutcome.EventFailed("HTTP 500", Optional.empty(), false, Optional.empty()),
                1,
                NOW);
    }
}
