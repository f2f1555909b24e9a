package dev.tidemark.forwarder;

import static dev.tidemark.forwarder.SinkControllerFixture.BROKEN;
import static dev.tidemark.forwarder.SinkControllerFixture.CRM;
import static dev.tidemark.forwarder.SinkControllerFixture.DOWN;
import static dev.tidemark.forwarder.SinkControllerFixture.OK;
import static dev.tidemark.forwarder.SinkControllerFixture.refusal;
import static dev.tidemark.forwarder.SinkControllerFixture.sink;
import static dev.tidemark.forwarder.SinkControllerFixture.status;
import static dev.tidemark.forwarder.TestEvents.ADA;
import static dev.tidemark.forwarder.TestEvents.BOB;
import static dev.tidemark.forwarder.TestEvents.EVE;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.forwarder.SinkState.Active;
import dev.tidemark.forwarder.SinkState.Disabled;
import dev.tidemark.forwarder.SinkState.Held;
import dev.tidemark.forwarder.SinkState.Refused;
import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.DeliveryPosition.Range;
import dev.tidemark.store.model.EventData.Lifecycle;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SinkControllerTest {
    private final SinkControllerFixture rig = new SinkControllerFixture();
    private final MemoryStore store = rig.store;

    @Test
    void a_sink_that_is_down_is_probed_with_its_oldest_event_at_growing_distances() {
        var first = store.receive(ADA);
        rig.step().answer(first, DOWN);
        for (var wait : List.of(5, 10, 20, 40, 60, 60)) {
            rig.advance(ofSeconds(wait).minusMillis(1));
            assertThat(rig.inFlight()).isEmpty();
            rig.advance(ofMillis(1));
            assertThat(rig.only().event()).isEqualTo(first);
            rig.answerOnly(DOWN);
        }
        assertThat(rig.state()).isInstanceOf(Held.class);
    }

    @Test
    void time_held_counts_against_no_event_and_is_reported_once() {
        var events = List.of(store.receive(ADA), store.receive(ADA), store.receive(BOB));
        rig.step();
        rig.answerAll(DOWN);
        for (var hour = 0; hour < 100; hour++) {
            rig.advance(ofHours(1)).answerAll(DOWN);
        }
        rig.advance(ofHours(1));
        var delivered = rig.answerAll(OK);
        assertThat(delivered).containsExactlyInAnyOrderElementsOf(events);
        assertThat(delivered.indexOf(events.get(0))).isLessThan(delivered.indexOf(events.get(1)));
        assertThat(store.rows(CRM)).isEmpty();
        assertThat(store.deadLetterCount()).isZero();
        assertThat(store.instanceEvents()).containsExactly("sink.failing");
        assertThat(rig.state()).isInstanceOf(Active.class);
    }

    @Test
    void a_freed_sink_is_ramped_up() {
        for (var i = 0; i < 16; i++) {
            store.receive(TestEvents.mailbox("m" + i, (char) ('a' + i)));
        }
        rig.step();
        assertThat(rig.inFlight()).hasSize(4);
        rig.answerAll(DOWN);
        rig.advance(ofSeconds(5)).answerOnly(OK);
        assertThat(rig.inFlight()).hasSize(1);
        rig.answerOnly(OK);
        assertThat(rig.inFlight()).hasSize(2);
        rig.answer(rig.inFlight().getFirst().event(), OK);
        assertThat(rig.inFlight()).hasSize(4);
    }

    @Test
    void an_event_that_the_sink_stumbles_over_does_not_hold_the_others_for_long() {
        var poison = store.receive(ADA);
        rig.step().answer(poison, DOWN);
        var other = store.receive(BOB);
        rig.advance(ofSeconds(5)).answer(poison, DOWN);
        rig.advance(ofSeconds(10)).answer(other, OK);
        rig.answer(poison, DOWN);
        assertThat(rig.state()).isInstanceOf(Active.class);
        assertThat(store.receive(BOB)).isIn(rig.step().eventsInFlight());
        rig.advance(ofSeconds(1));
        assertThat(store.rows(CRM)).singleElement().satisfies(row -> {
            assertThat(row.position()).isEqualTo(poison.position());
            assertThat(row.attempts()).isEqualTo(1);
        });
    }

    @Test
    void an_event_refused_by_itself_holds_its_mailbox_only_and_that_for_its_patience() {
        var broken = store.receive(ADA);
        rig.step();
        var next = store.receive(ADA);
        var bobs = store.receive(BOB);
        rig.step().answer(broken, BROKEN).answerOnly(OK);
        assertThat(store.receive(BOB)).isIn(rig.step().eventsInFlight());
        rig.answerAll(OK);

        rig.advance(ofSeconds(5)).answer(broken, BROKEN);
        rig.advance(ofMinutes(5)).answer(broken, BROKEN);
        rig.advance(ofSeconds(294));
        assertThat(rig.inFlight()).isEmpty();
        rig.advance(ofSeconds(1));
        assertThat(rig.only().event()).isEqualTo(next);
        rig.answerOnly(OK);
        assertThat(bobs).isNotNull();

        rig.advance(ofHours(1));
        assertThat(rig.only().event()).isEqualTo(broken);
        assertThat(rig.only().overtaken()).isTrue();
        assertThat(rig.only().attempt()).isEqualTo(4);
        rig.answerOnly(OK).advance(ofSeconds(1));
        assertThat(store.rows(CRM)).isEmpty();
    }

    @Test
    void an_event_that_recovers_in_time_is_not_overtaken() {
        var broken = store.receive(ADA);
        var next = store.receive(ADA);
        rig.step().answer(broken, BROKEN);
        rig.advance(ofSeconds(5));
        assertThat(rig.only().event()).isEqualTo(broken);
        assertThat(rig.only().overtaken()).isFalse();
        rig.answerOnly(OK);
        assertThat(rig.only().event()).isEqualTo(next);
    }

    @Test
    void a_schedule_used_up_makes_a_dead_letter_and_frees_the_mailbox() {
        var broken = store.receive(ADA);
        rig.step();
        for (var wait : RetryConfig.DEFAULT.schedule()) {
            rig.answer(broken, BROKEN).advance(wait);
        }
        var next = store.receive(ADA);
        rig.step().answer(broken, BROKEN);
        assertThat(store.deadLetters(Optional.empty(), 10)).singleElement().satisfies(letter -> {
            assertThat(letter.event()).isEqualTo(broken);
            assertThat(letter.attempts()).isEqualTo(10);
            assertThat(letter.reason()).isEqualTo("responded 500");
        });
        assertThat(rig.only().event()).isEqualTo(next);
        assertThat(store.lastEvent().type()).isEqualTo("delivery.exhausted");
        assertThat(((Lifecycle) store.lastEvent().data()).fields())
                .containsEntry("sink", "crm")
                .containsEntry("eventId", broken.id().value());
        rig.answerOnly(OK).advance(ofSeconds(1));
        assertThat(store.rows(CRM)).isEmpty();
    }

    @Test
    void a_dead_letter_has_the_response_to_its_last_attempt() {
        var strict = new SinkControllerFixture(
                store,
                sink(DeliveryOrdering.MAILBOX, 1, new RetryConfig(List.of(ofSeconds(1)), ofMinutes(1), ofHours(1))));
        var broken = store.receive(ADA);
        var silent = store.receive(BOB);
        strict.step().answer(broken, refusal(1)).answer(silent, refusal(1)).advance(ofSeconds(2));
        strict.answer(broken, refusal(2)).answer(silent, new DeliveryResult.NotSent("no topic"));
        assertThat(store.deadLetters(Optional.empty(), 10))
                .extracting(letter -> letter.event(), DeadLetter::response)
                .containsExactlyInAnyOrder(
                        tuple(broken, Optional.of(new RefusedResponse(422, "refusal 2"))),
                        tuple(silent, Optional.empty()));
    }

    @Test
    void without_a_schedule_the_first_refusal_is_the_last() {
        var strict = new SinkControllerFixture(
                store, sink(DeliveryOrdering.MAILBOX, 1, new RetryConfig(List.of(), ofMinutes(1), ofHours(1))));
        var broken = store.receive(ADA);
        var next = store.receive(ADA);
        strict.step().answer(broken, status(404, "1")).answer(next, OK);
        assertThat(store.deadLetterCount()).isOne();
    }

    @Test
    void a_failure_like_the_sinks_is_the_events_while_others_succeed() {
        var slow = store.receive(ADA);
        var quick = store.receive(BOB);
        rig.step().answer(quick, OK).answer(slow, new DeliveryResult.TimedOut(ofSeconds(15)));
        assertThat(rig.state()).isInstanceOf(Active.class);
        rig.advance(ofSeconds(5));
        assertThat(rig.only().attempt()).isEqualTo(2);
    }

    @Test
    void gone_disables_until_an_operator_enables() {
        var event = store.receive(ADA);
        rig.step().answer(event, new DeliveryResult.Status(410, Optional.empty()));
        assertThat(rig.state()).isInstanceOf(Disabled.class);
        assertThat(store.status(CRM).untilOperator()).isTrue();
        rig.advance(ofHours(200));
        assertThat(rig.inFlight()).isEmpty();

        rig.controller().enable();
        rig.step().answer(event, OK);
        assertThat(store.instanceEvents()).containsExactly("sink.disabled", "sink.enabled");
    }

    @Test
    void a_sink_that_fails_too_long_is_disabled_and_probed_hourly() {
        var event = store.receive(ADA);
        rig.step().answer(event, DOWN);
        rig.advance(ofDays(5)).answerOnly(DOWN);
        assertThat(rig.state()).isInstanceOf(Disabled.class);
        rig.advance(ofMinutes(59));
        assertThat(rig.inFlight()).isEmpty();
        rig.advance(ofMinutes(1)).answerOnly(DOWN);
        rig.advance(ofHours(1)).answerOnly(OK);
        assertThat(rig.state()).isInstanceOf(Active.class);
        assertThat(store.instanceEvents()).containsExactly("sink.failing", "sink.disabled", "sink.enabled");
    }

    @Test
    void a_disabled_sink_stays_so_over_a_restart() {
        rig.controller().disable();
        rig.step();
        var again = new SinkControllerFixture(store, sink());
        store.receive(ADA);
        assertThat(again.advance(ofHours(2)).inFlight()).isEmpty();
        assertThat(again.controller().snapshot().lastError()).contains("an operator disabled it");
        again.controller().enable();
        assertThat(again.controller().snapshot().lastError()).isEmpty();
    }

    @Test
    void too_many_requests_hold_the_sink_as_long_as_it_says() {
        var event = store.receive(ADA);
        rig.step().answer(event, status(429, "100"));
        store.receive(BOB);
        rig.advance(ofSeconds(99));
        assertThat(rig.inFlight()).isEmpty();
        rig.advance(ofSeconds(1)).answerOnly(OK);
        assertThat(store.instanceEvents()).isEmpty();
    }

    @Test
    void retry_after_for_one_mailbox_does_not_delay_others() {
        var event = store.receive(ADA);
        rig.step().answer(event, status(503, "3000"));
        store.receive(ADA);
        var bobs = store.receive(BOB);
        rig.step().answerOnly(OK);
        assertThat(bobs).isNotNull();
        rig.advance(ofSeconds(2999));
        assertThat(rig.inFlight()).isEmpty();
        rig.advance(ofSeconds(1));
        assertThat(rig.only().event()).isEqualTo(event);
        assertThat(rig.only().failures()).isZero();
    }

    @Test
    void retry_after_for_two_mailboxes_in_a_row_holds_the_sink() {
        var first = store.receive(ADA);
        var second = store.receive(BOB);
        rig.step().answer(first, status(503, "30")).answer(second, status(503, "40"));
        assertThat(rig.state()).isInstanceOf(Held.class);
        store.receive(EVE);
        rig.advance(ofSeconds(39));
        assertThat(rig.inFlight()).isEmpty();
        rig.advance(ofSeconds(1));
        assertThat(rig.inFlight()).hasSize(1);
    }

    @Test
    void a_refused_address_is_tried_again_every_minute_and_the_line_to_add_is_named() {
        var event = store.receive(ADA);
        var refusal = new DeliveryResult.AddressRefused("127.0.0.1 is loopback", Optional.of("127.0.0.1/32"));
        rig.step().answer(event, refusal);
        assertThat(rig.state()).isInstanceOf(Refused.class);
        assertThat(((Lifecycle) store.lastEvent().data()).fields()).containsEntry("allow", "127.0.0.1/32");
        rig.advance(ofSeconds(59));
        assertThat(rig.inFlight()).isEmpty();
        rig.advance(ofSeconds(1)).answerOnly(refusal);
        rig.advance(ofMinutes(1)).answerOnly(OK);
        assertThat(store.instanceEvents()).containsExactly("sink.failing");
    }

    @Test
    void the_window_stays_small_and_moves_past_a_mailbox_that_is_stuck() {
        var broken = store.receive(ADA);
        rig.step().answer(broken, BROKEN);
        for (var i = 0; i < 3000; i++) {
            store.receive(ADA);
        }
        var bobs = store.receive(BOB);
        rig.step();
        assertThat(rig.only().event()).isEqualTo(bobs);
        assertThat(rig.controller().snapshot().waiting()).isOne();
        rig.answerOnly(OK).advance(ofSeconds(1));
        assertThat(store.rows(CRM)).hasSize(3001);

        rig.advance(ofSeconds(4));
        assertThat(rig.answerAll(OK))
                .hasSize(3001)
                .isSortedAccordingTo((one, other) -> one.position().compareTo(other.position()));
    }

    @Test
    void a_failing_sink_writes_nothing_for_new_events() {
        rig.answer(first(), DOWN);
        rig.advance(ofSeconds(1));
        var before = store.saves(CRM);
        for (var i = 0; i < 100; i++) {
            store.receive(BOB);
            rig.advance(ofMillis(40));
        }
        assertThat(store.saves(CRM)).isEqualTo(before);
    }

    private JournalEvent first() {
        var event = store.receive(ADA);
        rig.step();
        return event;
    }

    @Test
    void many_requests_at_a_time_are_all_used() {
        var wide = new SinkControllerFixture(
                store, SinkControllerFixture.sink(DeliveryOrdering.NONE, 200, RetryConfig.DEFAULT));
        for (var i = 0; i < 3000; i++) {
            store.receive(ADA);
        }
        wide.step();
        assertThat(wide.inFlight()).hasSize(200);
        assertThat(wide.answerAll(OK)).hasSize(3000);
    }

    @Test
    void what_is_read_ahead_away_from_the_desk_goes_once_and_in_order() {
        for (var i = 0; i < 3000; i++) {
            store.receive(ADA);
        }
        rig.step();
        var read = rig.controller().readAhead().orElseThrow();
        assertThat(rig.controller().readAhead()).isEmpty();
        var before = new ArrayList<JournalEvent>();
        for (var i = 0; i < 300; i++) {
            before.add(rig.only().event());
            rig.answerOnly(OK);
        }
        rig.controller().enqueueReadAhead(read, read.read());
        assertThat(rig.controller().snapshot().waiting()).isEqualTo(724);
        before.addAll(rig.step().answerAll(OK));
        assertThat(before)
                .hasSize(3000)
                .extracting(JournalEvent::sequence)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void a_reading_ahead_that_failed_is_done_again() {
        for (var i = 0; i < 600; i++) {
            store.receive(ADA);
        }
        rig.step();
        rig.controller().enqueueReadAhead(rig.controller().readAhead().orElseThrow(), List.of());
        assertThat(rig.answerAll(OK)).hasSize(600);
    }

    @Test
    void a_sink_that_is_down_keeps_only_a_window_of_events_in_memory() {
        for (var i = 0; i < 3000; i++) {
            store.receive(i % 2 == 0 ? ADA : BOB);
        }
        rig.step();
        rig.answerAll(DOWN);
        assertThat(rig.controller().snapshot().waiting()).isEqualTo(512);
        rig.advance(ofSeconds(5));
        assertThat(rig.answerAll(OK)).hasSize(3000);
    }

    @Test
    void many_stuck_mailboxes_leave_half_of_the_requests_to_the_others() {
        for (var i = 0; i < 8; i++) {
            store.receive(TestEvents.mailbox("m" + i, (char) ('a' + i)));
        }
        rig.step();
        rig.answerAll(BROKEN);
        for (var i = 0; i < 8; i++) {
            store.receive(TestEvents.mailbox("n" + i, (char) ('k' + i)));
        }
        rig.advance(ofSeconds(5));
        assertThat(rig.inFlight()).hasSize(4);
        assertThat(rig.inFlight().stream().filter(delivery -> delivery.row().isPresent()))
                .hasSize(2);
    }

    @Test
    void without_order_a_failing_event_holds_nothing() {
        var loose = new SinkControllerFixture(store, sink(DeliveryOrdering.NONE, 2, RetryConfig.DEFAULT));
        var broken = store.receive(ADA);
        var second = store.receive(ADA);
        var third = store.receive(ADA);
        loose.step();
        assertThat(loose.eventsInFlight()).containsExactly(broken, second);
        loose.answer(broken, BROKEN);
        assertThat(loose.eventsInFlight()).containsExactly(second, third);
        loose.answerAll(OK);
        loose.advance(ofSeconds(5));
        assertThat(loose.only().event()).isEqualTo(broken);
        assertThat(loose.only().overtaken()).isFalse();
    }

    @Test
    void after_a_restart_no_delivered_and_saved_event_is_sent_again() {
        var stuck = store.receive(ADA);
        var taken = List.of(store.receive(BOB), store.receive(EVE));
        rig.step();
        taken.forEach(event -> rig.answer(event, OK));
        rig.advance(ofSeconds(1));
        assertThat(store.position(CRM))
                .isEqualTo(new DeliveryPosition(
                        JournalPosition.START, List.of(new Range(new JournalPosition(2), new JournalPosition(3)))));

        var again = new SinkControllerFixture(store, sink());
        var later = store.receive(EVE);
        assertThat(again.step().eventsInFlight()).containsExactly(stuck, later);
        again.answer(later, OK).advance(ofSeconds(1));
        again.answer(stuck, OK).advance(ofSeconds(1));
        assertThat(store.position(CRM)).isEqualTo(DeliveryPosition.at(new JournalPosition(4)));
    }

    @Test
    void after_a_restart_deferred_events_go_on_with_their_schedule_and_keep_their_order() {
        var broken = store.receive(ADA);
        var next = store.receive(ADA);
        rig.step().answer(broken, BROKEN).advance(ofSeconds(1));

        var again = new SinkControllerFixture(store, sink());
        var last = store.receive(ADA);
        assertThat(again.step().inFlight()).isEmpty();
        again.advance(ofSeconds(5));
        assertThat(again.only().attempt()).isEqualTo(2);
        assertThat(again.answerAll(OK)).containsExactly(broken, next, last);
    }

    @Test
    void after_a_stop_nothing_is_sent_and_requests_in_flight_are_saved() {
        var event = store.receive(ADA);
        rig.step();
        rig.controller().stop();
        store.receive(BOB);
        rig.answer(event, OK);
        assertThat(rig.inFlight()).isEmpty();
        assertThat(rig.controller().isIdle()).isTrue();
        rig.controller().flush();
        assertThat(store.position(CRM)).isEqualTo(DeliveryPosition.at(event.position()));
    }

    @Test
    void positions_are_saved_within_a_second() {
        var first = store.receive(ADA);
        rig.advance(ofSeconds(1)).answer(first, OK);
        rig.advance(ofSeconds(1));
        assertThat(store.position(CRM)).isEqualTo(DeliveryPosition.at(first.position()));
    }

    @Test
    void a_store_that_cannot_write_for_a_while_loses_nothing() {
        var strict = new SinkControllerFixture(
                store, sink(DeliveryOrdering.MAILBOX, 1, new RetryConfig(List.of(), ofMinutes(1), ofHours(1))));
        var broken = store.receive(ADA);
        strict.step();
        store.failing(true);
        assertThatThrownBy(() -> strict.answer(broken, BROKEN)).isInstanceOf(StoreException.class);
        assertThat(store.deadLetterCount()).isZero();
        store.failing(false);
        strict.advance(ofSeconds(1));
        assertThat(store.deadLetterCount()).isOne();
        assertThat(store.instanceEvents()).containsExactly("delivery.exhausted");
        assertThat(store.position(CRM).upTo()).isGreaterThanOrEqualTo(broken.position());
    }

    @Test
    void events_that_were_removed_before_delivery_are_reported() {
        var first = store.receive(ADA);
        store.receive(ADA);
        store.receive(ADA);
        store.receive(ADA);
        store.forget(first.position().next());
        rig.step();
        rig.answerAll(OK);
        assertThat(rig.stats.snapshot().expired()).isEqualTo(2);
        assertThat(store.instanceEvents()).containsExactly("delivery.expired");
    }

    @Test
    void a_deferred_event_that_was_removed_frees_its_lane() {
        var broken = store.receive(ADA);
        var next = store.receive(ADA);
        rig.step().answer(broken, BROKEN);
        store.forget(broken.position());
        rig.advance(ofSeconds(5));
        assertThat(rig.only().event()).isEqualTo(next);
        assertThat(rig.stats.snapshot().expired()).isOne();
    }

    @Test
    void a_probe_refused_for_its_own_sake_leaves_the_sink_held_but_is_charged() {
        var event = store.receive(ADA);
        rig.step().answer(event, DOWN);
        var other = store.receive(BOB);
        rig.advance(ofSeconds(5)).answer(event, BROKEN);
        assertThat(rig.state()).isInstanceOf(Held.class);
        assertThat(rig.inFlight()).isEmpty();
        rig.advance(ofSeconds(5)).answer(other, OK);
        assertThat(rig.only().event()).isEqualTo(event);
    }

    @Test
    void the_number_of_an_attempt_never_falls() {
        var event = store.receive(ADA);
        rig.step().answer(event, DOWN);
        rig.advance(ofSeconds(5));
        assertThat(rig.only().attempt()).isEqualTo(2);
        rig.answerOnly(BROKEN).advance(ofSeconds(5));
        assertThat(rig.only().attempt()).isEqualTo(3);
    }

    @Test
    void an_event_about_a_sink_is_not_sent_to_it() {
        store.appendInstanceEvent("sink.failing", java.util.Map.of("sink", "crm"));
        store.appendInstanceEvent("sink.failing", java.util.Map.of("sink", "other"));
        rig.step();
        assertThat(rig.only().event()).isEqualTo(store.lastEvent());
    }

    @Test
    void the_last_error_goes_once_all_is_well() {
        var broken = store.receive(ADA);
        rig.step().answer(broken, BROKEN);
        assertThat(rig.controller().snapshot().lastError()).contains("responded 500");
        rig.advance(ofSeconds(5)).answerOnly(OK);
        assertThat(rig.controller().snapshot().lastError()).isEmpty();
    }

    @Test
    void a_recovery_clears_the_error_of_a_sink_though_an_event_still_waits() {
        var broken = store.receive(ADA);
        rig.step().answer(broken, BROKEN);
        var other = store.receive(BOB);
        rig.step().answer(other, DOWN);
        rig.advance(ofSeconds(1));
        assertThat(rig.state()).isInstanceOf(Held.class);
        assertThat(rig.controller().snapshot().lastError()).contains("connection refused");
        rig.advance(ofSeconds(5)).answer(other, OK);
        assertThat(rig.state()).isInstanceOf(Active.class);
        assertThat(rig.controller().snapshot().lastError()).contains("responded 500");
        rig.answer(broken, OK);
        assertThat(rig.controller().snapshot().lastError()).isEmpty();
    }

    @Test
    void the_error_of_an_event_that_waits_stays_though_an_operator_enables_the_sink() {
        var broken = store.receive(ADA);
        rig.step().answer(broken, BROKEN);
        rig.controller().disable();
        rig.controller().enable();
        assertThat(rig.controller().snapshot().lastError()).contains("responded 500");
        rig.advance(ofSeconds(5)).answerOnly(OK);
        assertThat(rig.controller().snapshot().lastError()).isEmpty();
    }

    @Test
    void the_last_error_goes_with_the_event_that_becomes_a_dead_letter() {
        var refused = store.receive(ADA);
        rig.step();
        while (rig.stats.deadLetters.sum() == 0) {
            rig.advance(ofDays(1)).answer(refused, BROKEN);
            assertThat(rig.controller().snapshot().lastError().isPresent())
                    .as("it still waits")
                    .isEqualTo(rig.stats.deadLetters.sum() == 0);
        }
        assertThat(rig.controller().snapshot().lastError()).isEmpty();
    }
}
