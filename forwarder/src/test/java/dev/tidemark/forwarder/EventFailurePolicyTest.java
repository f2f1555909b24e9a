package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.JournalEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EventFailurePolicyTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:15:02Z");
    private static final JournalEvent EVENT = TestEvents.received(TestEvents.ADA, 1, 1);

    private final EventFailurePolicy failures = new EventFailurePolicy(
            SinkControllerFixture.CRM,
            new RetrySchedule(List.of(Duration.ofSeconds(1), Duration.ofSeconds(60))),
            () -> 0.5);

    @Test
    void the_first_failure_waits_for_the_first_delay() {
        assertThat(failures.decide(delivery(Optional.empty()), failed(Optional.empty()), NOW))
                .isEqualTo(retry(1, NOW, NOW.plusSeconds(1)));
    }

    @Test
    void a_later_failure_keeps_the_time_of_the_first() {
        var earlier = NOW.minusSeconds(1);
        assertThat(failures.decide(delivery(row(1, earlier)), failed(Optional.empty()), NOW))
                .isEqualTo(retry(2, earlier, NOW.plusSeconds(60)));
    }

    @Test
    void a_requested_time_counts_if_it_is_later_than_the_delay() {
        var delivery = delivery(Optional.empty());
        assertThat(failures.decide(delivery, failed(Optional.of(NOW.plusSeconds(9))), NOW))
                .isEqualTo(retry(1, NOW, NOW.plusSeconds(9)));
        assertThat(failures.decide(delivery, failed(Optional.of(NOW.plusMillis(9))), NOW))
                .isEqualTo(retry(1, NOW, NOW.plusSeconds(1)));
    }

    @Test
    void after_the_last_delay_the_event_is_a_dead_letter() {
        var decision = failures.decide(delivery(row(2, NOW)), failed(Optional.empty()), NOW);
        assertThat(decision)
                .isInstanceOfSatisfying(
                        EventFailurePolicy.DeadLettered.class,
                        dead -> assertThat(dead.letter())
                                .returns(3, letter -> letter.attempts())
                                .returns("HTTP 500", letter -> letter.reason())
                                .returns(SinkControllerFixture.CRM, letter -> letter.sink())
                                .returns(NOW, letter -> letter.diedAt()));
    }

    @Test
    void an_event_of_a_busy_lane_uses_up_no_retry() {
        var until = NOW.plusSeconds(30);
        var busy = new DeliveryOutcome.LaneBusy("HTTP 503", until);
        assertThat(failures.busyRow(delivery(row(1, NOW)), busy))
                .isEqualTo(deferred(1, Optional.of(NOW), until, "HTTP 503"));
    }

    @Test
    void an_undeliverable_event_is_reported() {
        var dead = dead(EVENT);
        assertThat(dead.notice().orElseThrow())
                .isEqualTo(new InstanceEvent(
                        "delivery.exhausted",
                        Map.of(
                                "sink",
                                SinkControllerFixture.CRM.value(),
                                "reason",
                                "HTTP 500",
                                "eventId",
                                EVENT.id().value(),
                                "eventType",
                                "dev.tidemark.mailbox.message.received",
                                "deadLetter",
                                dead.letter().id(),
                                "attempts",
                                1L)));
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

    private static DeliveryOutcome.EventFailed failed(Optional<Instant> notBefore) {
        return new DeliveryOutcome.EventFailed("HTTP 500", notBefore, false, Optional.empty());
    }

    private static PendingDelivery delivery(Optional<DeferredDelivery> row) {
        return new PendingDelivery(EVENT, "lane", row, PendingDelivery.AttemptHistory.NONE, 1);
    }

    private static Optional<DeferredDelivery> row(int attempts, Instant firstFailedAt) {
        return Optional.of(deferred(attempts, Optional.of(firstFailedAt), NOW, "HTTP 500"));
    }

    private static EventFailurePolicy.Retry retry(int attempts, Instant firstFailedAt, Instant next) {
        return new EventFailurePolicy.Retry(deferred(attempts, Optional.of(firstFailedAt), next, "HTTP 500"));
    }

    private static DeferredDelivery deferred(
            int attempts, Optional<Instant> firstFailedAt, Instant next, String error) {
        return new DeferredDelivery(
                SinkControllerFixture.CRM,
                EVENT.position(),
                "lane",
                attempts,
                firstFailedAt,
                next,
                false,
                Optional.of(error));
    }

    private EventFailurePolicy.DeadLettered dead(JournalEvent event) {
        return failures.deadLetter(
                new PendingDelivery(event, "lane", Optional.empty(), PendingDelivery.AttemptHistory.NONE, 1),
                new DeliveryOutcome.EventFailed("HTTP 500", Optional.empty(), false, Optional.empty()),
                1,
                NOW);
    }
}
