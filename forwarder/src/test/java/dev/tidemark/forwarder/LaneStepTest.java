package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.JournalPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LaneStepTest {
    private static final Instant NOW = TestEvents.NOW;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Test
    void nothing_is_left() {
        assertThat(step()).isEqualTo(new LaneStep.Empty());
    }

    @Test
    void a_failed_event_holds_those_behind_it_until_it_is_due() {
        var failed = failed(1, 60, 30);
        assertThat(step(failed, waiting(2))).isEqualTo(new LaneStep.Wait(NOW.plusSeconds(30), false));
    }

    @Test
    void a_failed_event_holds_those_behind_it_no_longer_than_patience() {
        var failed = failed(1, 590, 30);
        assertThat(step(failed, waiting(2))).isEqualTo(new LaneStep.Wait(NOW.plusSeconds(10), false));
        var older = failed(1, 600, 30);
        assertThat(step(older, waiting(2))).isEqualTo(new LaneStep.Send(waiting(2), List.of(older)));
    }

    @Test
    void an_event_already_overtaken_is_not_marked_again() {
        var overtaken = DeliveryLanes.asOvertaken(failed(1, 700, 30));
        assertThat(step(overtaken, waiting(2))).isEqualTo(new LaneStep.Send(waiting(2), List.of()));
    }

    @Test
    void a_failed_event_that_is_due_goes_before_all_behind_it() {
        var due = failed(1, 700, 0);
        assertThat(step(due, waiting(2))).isEqualTo(new LaneStep.Send(due, List.of()));
    }

    @Test
    void a_second_failed_event_holds_the_lane_again() {
        var first = failed(1, 700, 500);
        var second = failed(2, 60, 30);
        assertThat(step(first, second, waiting(3))).isEqualTo(new LaneStep.Wait(NOW.plusSeconds(30), false));
    }

    @Test
    void behind_only_overtaken_events_the_lane_is_open() {
        assertThat(step(failed(1, 700, 500))).isEqualTo(new LaneStep.Wait(NOW.plusSeconds(500), true));
    }

    @Test
    void retry_after_for_a_mailbox_ignores_patience() {
        var pending = row(1, 0, Optional.empty(), NOW.plusSeconds(3600));
        assertThat(step(pending, waiting(2))).isEqualTo(new LaneStep.Wait(NOW.plusSeconds(3600), false));
    }

    private static LaneStep step(DeferredDelivery... rows) {
        return LaneStep.of(List.of(rows), NOW, PATIENCE);
    }

    private static DeferredDelivery waiting(long position) {
        return row(position, 0, Optional.empty(), NOW);
    }

    private static DeferredDelivery failed(long position, long secondsAgo, long dueIn) {
        return row(position, 1, Optional.of(NOW.minusSeconds(secondsAgo)), NOW.plusSeconds(dueIn));
    }

    private static DeferredDelivery row(long position, int attempts, Optional<Instant> first, Instant next) {
        return new DeferredDelivery(
                SinkControllerFixture.CRM,
                new JournalPosition(position),
                "lane",
                attempts,
                first,
                next,
                false,
                Optional.empty());
    }
}
