package dev.tidemark.forwarder;

import static dev.tidemark.forwarder.SinkControllerFixture.CRM;
import static dev.tidemark.forwarder.TestEvents.ADA;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A sink whose journal cannot be read does not try again with each event and each response.
final class SerializedSinkControllerTest {
    private final SinkControllerFixture rig = new SinkControllerFixture();
    private final MemoryStore store = rig.store;
    private final SerializedSinkController turns = new SerializedSinkController(CRM, rig.desk(), rig.clock, () -> {});

    @Test
    void wakes_do_not_repeat_a_step_that_failed() {
        store.receive(ADA);
        store.failing(true);
        IntStream.range(0, 200).forEach(wake -> turns.look());
        assertThat(store.failures()).isOne();
    }

    @Test
    void attempts_double_their_distance_up_to_half_a_minute_until_one_succeeds() {
        var event = store.receive(ADA);
        store.failing(true);
        for (var seconds : List.of(1, 2, 4, 8, 16, 30, 30)) {
            assertThat(turns.look()).contains(rig.clock.instant().plusSeconds(seconds));
            rig.clock.advance(Duration.ofSeconds(seconds));
        }
        store.failing(false);
        turns.look();
        assertThat(rig.eventsUnderWay()).containsExactly(event);
        store.receive(ADA);
        store.failing(true);
        rig.clock.advance(Duration.ofSeconds(1));
        assertThat(turns.look()).contains(rig.clock.instant().plusSeconds(1));
    }
}
