package dev.tidemark.forwarder;

import static dev.tidemark.forwarder.SinkControllerFixture.BROKEN;
import static dev.tidemark.forwarder.SinkControllerFixture.CRM;
import static dev.tidemark.forwarder.SinkControllerFixture.DOWN;
import static dev.tidemark.forwarder.SinkControllerFixture.OK;
import static dev.tidemark.forwarder.SinkControllerFixture.refusal;
import static dev.tidemark.forwarder.SinkControllerFixture.sink;
import static dev.tidemark.forwarder.TestEvents.ADA;
import static dev.tidemark.forwarder.TestEvents.BOB;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.SinkState.Held;
import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.operator.ReplayRequest;
import dev.tidemark.forwarder.operator.ReplayResult;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkReplay;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ReplayTest {
    private final SinkControllerFixture rig = new SinkControllerFixture();
    private final MemoryStore store = rig.store;
    private final List<JournalEvent> events = new ArrayList<>();

    @Test
    void a_dry_run_only_counts() {
        deliver(10);
        assertThat(rig.replay(order(0, 1000, true))).isEqualTo(new ReplayResult(10, Optional.empty()));
        assertThat(rig.replay(order(3, 7, true)).count()).isEqualTo(4);
        var adas = new ReplayRequest(
                JournalPosition.START, store.end(), Optional.of(ADA.id()), Optional.of("*.message.*"), 100, true);
        assertThat(rig.replay(adas).count()).isEqualTo(5);
        var none = new ReplayRequest(
                JournalPosition.START, store.end(), Optional.empty(), Optional.of("dev.tidemark.mailbox"), 100, true);
        assertThat(rig.replay(none).count()).isZero();
        assertThat(rig.requests()).isEmpty();
        assertThat(store.running(CRM)).isEmpty();
    }

    @Test
    void events_come_once_more_in_order_and_are_marked() {
        deliver(10);
        assertThat(rig.replay(order(2, 8, false)).count()).isEqualTo(6);
        assertThat(rig.requests()).isNotEmpty().allMatch(request -> request.kind() == DeliveryBatch.Kind.REPLAY);
        assertThat(answerAll()).containsExactlyElementsOf(events.subList(2, 8));
        assertThat(store.running(CRM)).isEmpty();
    }

    @Test
    void what_the_sink_has_not_had_yet_comes_by_itself_and_only_once() {
        deliver(4);
        var later = store.receive(ADA);
        assertThat(rig.replay(order(0, 1000, false)).count()).isEqualTo(4);
        events.add(later);
        assertThat(answerAll()).containsExactlyInAnyOrderElementsOf(events);
    }

    @Test
    void it_keeps_to_its_rate_and_leaves_half_of_the_requests_to_what_is_new() {
        deliver(200);
        rig.replay(
                new ReplayRequest(JournalPosition.START, store.end(), Optional.empty(), Optional.empty(), 10, false));
        var sent = 0;
        for (var i = 0; i < 500; i++) {
            sent += rig.answerAll(OK).size();
            rig.advance(ofMillis(10));
        }
        assertThat(sent).isBetween(50, 52);

        var live = store.receive(BOB);
        rig.advance(ofSeconds(60));
        assertThat(rig.eventsInFlight()).contains(live);
        assertThat(rig.requests().stream().filter(request -> request.kind() == DeliveryBatch.Kind.REPLAY))
                .hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void a_held_sink_is_probed_with_it_where_nothing_else_waits() {
        deliver(3);
        rig.replay(order(0, 1, false));
        rig.answerOnly(DOWN);
        rig.advance(ofSeconds(5));
        assertThat(rig.state()).isInstanceOf(Held.class);
        rig.advance(ofSeconds(1));
        assertThat(rig.only().event()).isEqualTo(events.getFirst());
        assertThat(rig.requests().getFirst().isReplay()).isTrue();
        rig.answerOnly(DOWN);
        assertThat(rig.requests()).isEmpty();
        assertThat(store.instanceEvents()).containsExactly("sink.failing");
        // a failure of the event does not activate the sink and does not cause probes without a pause
        rig.advance(ofSeconds(10)).answerOnly(BROKEN);
        assertThat(rig.requests()).isEmpty();
        assertThat(rig.state()).isInstanceOf(Held.class);
        rig.advance(ofSeconds(10));
        assertThat(rig.controller().snapshot().lastError()).contains("responded 500");
        assertThat(answerAll()).containsExactly(events.getFirst());
        assertThat(rig.controller().snapshot().lastError()).isEmpty();
        assertThat(store.running(CRM)).isEmpty();
    }

    @Test
    void a_restart_goes_on_with_it() {
        deliver(100);
        rig.replay(
                new ReplayRequest(JournalPosition.START, store.end(), Optional.empty(), Optional.empty(), 10, false));
        var before = new ArrayList<JournalEvent>();
        for (var i = 0; i < 20; i++) {
            before.addAll(rig.answerAll(OK));
            rig.advance(ofMillis(100));
        }
        rig.controller().flush();
        assertThat(before.size()).isBetween(10, 90);

        var again = new SinkControllerFixture(store, sink());
        again.step();
        var after = new ArrayList<JournalEvent>();
        for (var i = 0; i < 1000; i++) {
            after.addAll(again.answerAll(OK));
            again.advance(ofMillis(100));
        }
        // events in flight at the end are sent again
        var missing = new ArrayList<>(events);
        missing.removeAll(before);
        assertThat(after).containsAll(missing).hasSizeLessThanOrEqualTo(missing.size() + 4);
        assertThat(store.running(CRM)).isEmpty();
    }

    @Test
    void how_far_it_is_can_be_seen_and_counts_what_is_done_for_good() {
        deliver(20);
        rig.replay(slowly());
        assertThat(store.running())
                .singleElement()
                .satisfies(begun -> assertThat(begun.count()).isEqualTo(new SinkReplay.ReplayCounts(0, 20)));
        for (var i = 0; i < 5; i++) {
            rig.advance(ofMillis(100)).answerAll(OK);
        }
        rig.controller().flush();
        var before = store.running().getFirst().count();
        assertThat(before.done()).isBetween(4L, 6L);
        assertThat(before.total()).isEqualTo(20);

        var again = new SinkControllerFixture(store, sink());
        again.step();
        for (var i = 0; i < 5; i++) {
            again.advance(ofMillis(100)).answerAll(OK);
        }
        again.controller().flush();
        assertThat(store.running().getFirst().count().done())
                .isEqualTo(store.running().getFirst().after().value());
        assertThat(store.running().getFirst().count().done()).isGreaterThan(before.done());
    }

    @Test
    void what_is_done_beyond_an_event_that_is_not_counts_only_once_that_is_done() {
        deliver(2);
        rig.replay(order(0, 1000, false));
        rig.answer(events.get(1), OK);
        rig.controller().flush();
        assertThat(store.running().getFirst().count()).isEqualTo(new SinkReplay.ReplayCounts(0, 2));
        assertThat(store.running().getFirst().after()).isEqualTo(JournalPosition.START);
        rig.answer(events.getFirst(), OK);
        assertThat(store.running()).isEmpty();
    }

    @Test
    void one_that_is_cancelled_sends_nothing_more_and_makes_room_for_the_next() {
        deliver(20);
        rig.replay(slowly());
        rig.advance(ofMillis(100));
        var inFlight = rig.eventsInFlight();
        assertThat(inFlight).isNotEmpty();
        assertThat(store.end(store.running().getFirst().id())).isTrue();
        rig.controller().reloadReplays();
        rig.advance(ofSeconds(10));
        assertThat(rig.eventsInFlight()).isEqualTo(inFlight);

        // the next replay has the same events and waits for those in flight
        assertThat(rig.replay(order(0, 1000, false)).count()).isEqualTo(20);
        rig.advance(ofSeconds(1));
        assertThat(rig.eventsInFlight()).isEqualTo(inFlight);
        rig.answer(inFlight.getFirst(), DOWN);
        inFlight.stream().skip(1).forEach(event -> rig.answer(event, OK));
        rig.advance(ofSeconds(60));
        assertThat(answerAll()).containsExactlyInAnyOrderElementsOf(events);
        assertThat(store.running()).isEmpty();
    }

    @Test
    void one_of_a_sink_that_is_down_can_be_cancelled_as_well() {
        deliver(3);
        rig.replay(order(0, 1000, false));
        rig.answerAll(DOWN);
        rig.advance(ofSeconds(6)).answerAll(DOWN);
        assertThat(rig.state()).isInstanceOf(Held.class);
        store.end(store.running().getFirst().id());
        rig.controller().reloadReplays();
        rig.advance(ofMinutes(10));
        assertThat(rig.requests()).isEmpty();
    }

    @Test
    void a_sink_that_is_down_waits_with_its_replay_as_with_everything() {
        deliver(3);
        rig.replay(order(0, 1000, false));
        rig.answerAll(DOWN);
        var live = store.receive(ADA);
        rig.advance(ofSeconds(5));
        assertThat(rig.state()).isInstanceOf(Held.class);
        rig.answer(live, OK);
        assertThat(answerAll()).containsExactlyInAnyOrderElementsOf(events);
    }

    @Test
    void what_is_refused_again_is_a_dead_letter_after_three_tries() {
        deliver(1);
        var only = events.getFirst();
        rig.replay(order(0, 1000, false));
        rig.answer(only, BROKEN)
                .advance(ofSeconds(5))
                .answer(only, BROKEN)
                .advance(ofSeconds(5))
                .answer(only, refusal(3));
        rig.advance(ofSeconds(1));
        assertThat(store.deadLetters(Optional.empty(), 10)).singleElement().satisfies(letter -> {
            assertThat(letter.event()).isEqualTo(only);
            assertThat(letter.attempts()).isEqualTo(3);
            assertThat(letter.response()).contains(new RefusedResponse(422, "refusal 3"));
        });
        assertThat(store.running(CRM)).isEmpty();
        assertThat(store.instanceEvents()).containsExactly("delivery.exhausted");
    }

    @Test
    void a_dead_letter_is_replayed_and_deleted_after_delivery() {
        var strict = new SinkControllerFixture(
                store, sink(DeliveryOrdering.MAILBOX, 4, new RetryConfig(List.of(), ofMinutes(1), ofMinutes(60))));
        var broken = store.receive(ADA);
        strict.step().answer(broken, BROKEN);
        var letter = store.deadLetters(Optional.empty(), 1).getFirst();
        assertThat(store.recall(letter.id())).contains(CRM);
        strict.controller().reloadReplays();
        strict.step().answer(broken, refusal(2)).advance(ofMinutes(1));
        assertThat(strict.requests()).isEmpty();
        assertThat(store.deadLetters(Optional.empty(), 1)).singleElement().satisfies(again -> {
            assertThat(again.attempts()).isEqualTo(2);
            assertThat(again.response()).contains(new RefusedResponse(422, "refusal 2"));
        });

        store.recallAll(Optional.empty());
        strict.controller().reloadReplays();
        strict.step().answer(broken, OK);
        assertThat(store.deadLetterCount()).isZero();
        assertThat(strict.step().requests()).isEmpty();
    }

    @Test
    void a_moment_is_found_in_the_journal() {
        for (var i = 0; i < 9; i++) {
            store.receive(ADA);
        }
        assertThat(JournalTimeSearch.positionBefore(store, TestEvents.NOW)).isEqualTo(JournalPosition.START);
        assertThat(JournalTimeSearch.positionBefore(store, TestEvents.NOW.plusMillis(1)))
                .isEqualTo(store.end());
    }

    private void deliver(int count) {
        for (var i = 0; i < count; i++) {
            events.add(store.receive(i % 2 == 0 ? ADA : BOB));
        }
        rig.step();
        assertThat(rig.answerAll(OK)).hasSize(count);
    }

    private ReplayRequest slowly() {
        return new ReplayRequest(JournalPosition.START, store.end(), Optional.empty(), Optional.empty(), 10, false);
    }

    private List<JournalEvent> answerAll() {
        var answered = new ArrayList<JournalEvent>();
        for (var i = 0; i < 50; i++) {
            answered.addAll(rig.answerAll(OK));
            rig.advance(ofMillis(50));
        }
        return answered;
    }

    private static ReplayRequest order(long after, long upTo, boolean dryRun) {
        return new ReplayRequest(
                new JournalPosition(after), new JournalPosition(upTo), Optional.empty(), Optional.empty(), 100, dryRun);
    }
}
