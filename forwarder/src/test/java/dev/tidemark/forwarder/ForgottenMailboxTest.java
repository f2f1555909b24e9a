package dev.tidemark.forwarder;

import static dev.tidemark.forwarder.SinkControllerFixture.BROKEN;
import static dev.tidemark.forwarder.SinkControllerFixture.CRM;
import static dev.tidemark.forwarder.SinkControllerFixture.DOWN;
import static dev.tidemark.forwarder.SinkControllerFixture.OK;
import static dev.tidemark.forwarder.TestEvents.ADA;
import static dev.tidemark.forwarder.TestEvents.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.SinkState.Held;
import dev.tidemark.forwarder.operator.ReplayRequest;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.JournalPosition;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Checks that a sink passes over the events of a forgotten mailbox, wherever they are, and counts them.
final class ForgottenMailboxTest {
    private final MemoryStore store = new MemoryStore();
    private final SinkControllerFixture rig = new SinkControllerFixture(store, SinkControllerFixture.sink());

    private long forgotten() {
        return rig.stats.snapshot().forgotten();
    }

    private void assertAllDone() {
        rig.advance(Duration.ofSeconds(1));
        assertThat(rig.inFlight()).isEmpty();
        assertThat(store.position(CRM)).isEqualTo(DeliveryPosition.at(store.end()));
        assertThat(store.rows(CRM)).isEmpty();
        assertThat(store.deadLetterCount()).isZero();
        assertThat(rig.stats.snapshot().expired()).isZero();
    }

    @Test
    void unread_events_are_counted_and_not_sent() {
        store.receive(ADA);
        store.receive(ADA);
        var bobs = store.receive(BOB);
        var report = store.forget(ADA);
        rig.step();
        assertThat(rig.answerAll(OK)).containsExactlyInAnyOrder(bobs, report);
        assertThat(forgotten()).isEqualTo(2);
        assertAllDone();
    }

    @Test
    void waiting_events_are_dropped_and_the_one_in_flight_is_delivered() {
        var first = store.receive(ADA);
        store.receive(ADA);
        store.receive(ADA);
        rig.step();
        assertThat(rig.eventsInFlight()).containsExactly(first);
        var report = store.forget(ADA);
        rig.step().answer(first, OK);
        assertThat(rig.answerAll(OK)).containsExactly(report);
        assertThat(forgotten()).isEqualTo(2);
        assertAllDone();
    }

    @Test
    void an_event_in_flight_that_fails_is_not_tried_again() {
        var first = store.receive(ADA);
        rig.step();
        var report = store.forget(ADA);
        rig.step().answer(first, BROKEN);
        assertThat(rig.answerAll(OK)).containsExactly(report);
        assertThat(forgotten()).isOne();
        assertAllDone();
    }

    @Test
    void a_deferred_lane_does_not_hold_the_event_that_reports_it() {
        var first = store.receive(ADA);
        store.receive(ADA);
        rig.step().answer(first, BROKEN);
        assertThat(rig.inFlight()).isEmpty();
        var report = store.forget(ADA);
        rig.step();
        assertThat(rig.answerAll(OK)).containsExactly(report);
        assertThat(forgotten()).isEqualTo(2);
        assertAllDone();
    }

    @Test
    void a_report_that_failed_is_tried_again_after_a_restart() {
        store.receive(ADA);
        var report = store.forget(ADA);
        rig.step().answer(report, BROKEN);
        rig.advance(Duration.ofSeconds(1));
        assertThat(store.rows(CRM)).hasSize(1);
        var restarted = new SinkControllerFixture(store, SinkControllerFixture.sink());
        restarted.step();
        restarted.advance(Duration.ofHours(1));
        assertThat(restarted.answerAll(OK)).containsExactly(report);
        restarted.advance(Duration.ofSeconds(1));
        assertThat(store.rows(CRM)).isEmpty();
    }

    @Test
    void a_held_sink_is_not_probed_with_a_forgotten_event() {
        var first = store.receive(ADA);
        store.receive(ADA);
        rig.step().answer(first, DOWN);
        rig.advance(Duration.ofSeconds(4));
        assertThat(rig.state()).isInstanceOf(Held.class);
        var report = store.forget(ADA);
        rig.advance(Duration.ofSeconds(60));
        assertThat(rig.only().event()).isEqualTo(report);
        rig.answer(report, OK);
        assertThat(forgotten()).isEqualTo(2);
        assertAllDone();
    }

    @Test
    void a_replay_ends_without_its_events() {
        store.receive(ADA);
        store.receive(ADA);
        var bobs = store.receive(BOB);
        rig.step().answerAll(OK);
        var all = new ReplayRequest(JournalPosition.START, store.end(), Optional.empty(), Optional.empty(), 1, false);
        rig.replay(all);
        var first = rig.only().event();
        var report = store.forget(ADA);
        rig.step().answer(first, DOWN);
        var sent = rig.answerAll(OK);
        for (var second = 0; second < 20; second++) {
            rig.advance(Duration.ofSeconds(1));
            sent.addAll(rig.answerAll(OK));
        }
        assertThat(sent).contains(bobs, report).doesNotContain(first);
        assertThat(store.running(CRM)).isEmpty();
        assertAllDone();
    }

    @Test
    void a_recalled_dead_letter_of_it_is_not_sent() {
        var event = store.receive(ADA);
        var other = store.receive(ADA);
        rig.step().answerAll(OK);
        store.saveDeadLetter(new DeadLetter("dl_1", CRM, event, "HTTP 500", 1, TestEvents.NOW));
        store.saveDeadLetter(new DeadLetter("dl_2", CRM, other, "HTTP 500", 1, TestEvents.NOW.plusSeconds(1)));
        store.recallAll(Optional.empty());
        rig.controller().reloadReplays();
        rig.step();
        var first = rig.only().event();
        var report = store.forget(ADA);
        rig.step().answer(first, OK);
        assertThat(rig.answerAll(OK)).containsExactly(report);
        assertAllDone();
    }
}
