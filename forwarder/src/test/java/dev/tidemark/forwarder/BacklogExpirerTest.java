package dev.tidemark.forwarder;

import static dev.tidemark.forwarder.SinkControllerFixture.BROKEN;
import static dev.tidemark.forwarder.SinkControllerFixture.CRM;
import static dev.tidemark.forwarder.SinkControllerFixture.DOWN;
import static dev.tidemark.forwarder.SinkControllerFixture.OK;
import static dev.tidemark.forwarder.TestEvents.ADA;
import static dev.tidemark.forwarder.TestEvents.BOB;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Checks events that retention removes from the journal before a sink receives them.
final class BacklogExpirerTest {
    private final MemoryStore store = new MemoryStore();
    private final SinkControllerFixture rig = new SinkControllerFixture(store, SinkControllerFixture.sink());

    @Test
    void losses_are_reported_while_the_sink_is_down() {
        hold();
        var lost = receive(10);
        var kept = receive(5);
        rig.step();
        store.forget(lost.getLast().position());
        rig.advance(ofSeconds(2));
        // the failure of the first event holds the sink
        assertThat(rig.stats.snapshot().expired()).isEqualTo(11);
        assertThat(store.instanceEvents()).containsExactly("delivery.expired");
        assertThat(store.lastEvent().data().toString()).contains("events=11");

        rig.controller().enable();
        rig.step();
        assertThat(rig.answerAll(OK)).containsExactlyElementsOf(kept);
        assertThat(rig.stats.snapshot().expired()).isEqualTo(11);
    }

    @Test
    void the_position_advances_so_a_restart_reports_nothing_twice() {
        hold();
        var lost = receive(3);
        rig.step();
        store.forget(lost.getLast().position());
        rig.advance(ofSeconds(2)).advance(ofSeconds(1));
        var again = new SinkControllerFixture(store, SinkControllerFixture.sink());
        again.step();
        assertThat(rig.stats.snapshot().expired()).isEqualTo(4);
        assertThat(again.stats.snapshot().expired()).isZero();
    }

    @Test
    void events_in_flight_may_still_arrive() {
        var event = store.receive(ADA);
        rig.step();
        store.forget(event.position());
        rig.advance(ofSeconds(2)).answer(event, OK);
        assertThat(rig.stats.snapshot().expired()).isZero();
        assertThat(store.instanceEvents()).isEmpty();
    }

    @Test
    void what_an_earlier_run_delivered_out_of_turn_is_not_lost() {
        var events = receive(5);
        store.save(
                CRM,
                new DeliveryPosition(
                        JournalPosition.START,
                        List.of(new DeliveryPosition.Range(
                                events.get(1).position(), events.get(3).position()))),
                List.of(),
                List.of());
        store.forget(events.get(2).position());
        var again = new SinkControllerFixture(store, SinkControllerFixture.sink());
        again.step();
        assertThat(again.stats.snapshot().expired()).isOne();
        assertThat(again.only().event()).isEqualTo(events.get(4));
    }

    @Test
    void many_deferred_losses_are_reported_in_one_event() {
        var broken = store.receive(ADA);
        rig.step().answer(broken, BROKEN);
        for (var i = 0; i < 2999; i++) {
            store.receive(ADA);
            rig.step();
        }
        var healthy = store.receive(BOB);
        rig.step().answer(healthy, OK);
        assertThat(rig.inFlight()).isEmpty();
        rig.advance(ofSeconds(1));
        store.forget(healthy.position());
        rig.advance(ofSeconds(5));
        assertThat(rig.stats.snapshot().expired()).isEqualTo(3000);
        assertThat(store.instanceEvents()).containsExactly("delivery.expired");
        assertThat(store.rows(CRM)).isEmpty();
    }

    private void hold() {
        var event = store.receive(ADA);
        rig.step().answer(event, DOWN);
        assertThat(rig.state()).isInstanceOf(SinkState.Held.class);
    }

    private List<JournalEvent> receive(int count) {
        var events = new ArrayList<JournalEvent>();
        for (var i = 0; i < count; i++) {
            events.add(store.receive(i % 2 == 0 ? ADA : BOB));
        }
        return events;
    }
}
