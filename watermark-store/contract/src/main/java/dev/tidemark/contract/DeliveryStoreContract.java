package dev.tidemark.contract;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.store.DeliveryStore.LaneDue;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.DeliveryPosition.Range;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkPartition;
import dev.tidemark.store.model.SinkStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Promises of [DeliveryStore].
public abstract class DeliveryStoreContract extends PortContract {
    /// Returns the reason why a fake does not divide sinks. The suite skips the promises about partitions for it.
    protected Optional<String> indivisible() {
        return Optional.empty();
    }

    private void requireDivisible() {
        assumeTrue(indivisible().isEmpty(), () -> indivisible().orElse(""));
    }

    private static final SinkName CRM = new SinkName("crm");
    private static final SinkName BUS = new SinkName("bus");

    private static JournalPosition at(long position) {
        return new JournalPosition(position);
    }

    private DeferredDelivery deferred(SinkName sink, long position, String lane, int attempts) {
        return new DeferredDelivery(
                sink,
                at(position),
                lane,
                attempts,
                Optional.of(time()),
                time().plusSeconds(position),
                attempts > 3,
                Optional.of("HTTP 500"));
    }

    @Test
    void a_new_sink_starts_at_the_end_and_is_remembered_there() {
        receive(1);
        var end = store.journal().end();
        assertThat(store.deliveries().open(CRM)).isEqualTo(DeliveryPosition.at(end));
        store.journal().appendInstanceEvent("sink.failing", Map.of());
        reopenAfterPowerCut();
        assertThat(store.deliveries().open(CRM)).isEqualTo(DeliveryPosition.at(end));
    }

    @Test
    void keeps_a_position_and_what_is_done_beyond_it() {
        store.deliveries().open(CRM);
        var position =
                new DeliveryPosition(at(3), List.of(new Range(at(5), at(5)), new Range(at(8), at(1_000_000_000_000L))));
        store.deliveries().save(CRM, position, List.of(), List.of());
        reopenAfterPowerCut();
        assertThat(store.deliveries().open(CRM)).isEqualTo(position);
    }

    @Test
    void a_sink_that_is_configured_no_longer_holds_nothing_up() {
        store.deliveries().open(CRM);
        store.deliveries().open(BUS);
        store.deliveries().save(CRM, DeliveryPosition.at(at(0)), List.of(deferred(CRM, 1, "lane-a", 1)), List.of());
        receive(1);
        var end = store.journal().end();
        store.deliveries().save(BUS, DeliveryPosition.at(end), List.of(), List.of());
        assertThat(store.deliveries().deliveredByAll()).isEqualTo(at(0));
        reopen();
        store.deliveries().open(BUS);
        assertThat(store.deliveries().deliveredByAll()).isEqualTo(end);
        store.deliveries().open(CRM);
        assertThat(store.deliveries().deliveredByAll()).isEqualTo(at(0));
        store.deliveries().release(CRM);
        assertThat(store.deliveries().deliveredByAll()).isEqualTo(end);
        store.deliveries().open(CRM);
        assertThat(store.deliveries().deliveredByAll()).isEqualTo(at(0));
    }

    /// Returns numbered parts of which one has the mailbox and another one the instance.
    private List<SinkPartition> separatingParts() {
        var lane = mailbox().value();
        return IntStream.rangeClosed(2, 100)
                .mapToObj(SinkPartition::all)
                .filter(parts -> !partOf(parts, lane).equals(partOf(parts, "instance")))
                .findFirst()
                .orElseThrow();
    }

    private static SinkPartition partOf(List<SinkPartition> parts, String lane) {
        return parts.stream().filter(part -> part.contains(lane)).findFirst().orElseThrow();
    }

    private void openAll(List<SinkPartition> parts) {
        parts.forEach(part -> store.deliveries().of(part).open(CRM));
    }

    @Test
    void the_partitions_of_a_sink_start_where_the_whole_was() {
        requireDivisible();
        receive(1);
        store.deliveries().open(CRM);
        var position = new DeliveryPosition(at(3), List.of(new Range(at(5), at(7))));
        var status = new SinkStatus(Optional.of(time()), true, true, Optional.of("HTTP 410"));
        store.deliveries().save(CRM, position, List.of(deferred(CRM, 2, "lane-a", 1)), List.of());
        store.deliveries().saveStatus(CRM, status);
        var parts = SinkPartition.all(3);
        openAll(parts);
        reopenAfterPowerCut();
        for (var part : parts) {
            var deliveries = store.deliveries().of(part);
            assertThat(deliveries.savedPosition(CRM)).contains(position);
            assertThat(deliveries.status(CRM)).isEqualTo(status);
            assertThat(deliveries.deferredCount(CRM)).as("of all parts").isOne();
        }
        assertThat(store.deliveries().savedPosition(CRM)).isEmpty();
    }

    @Test
    void the_partitions_of_a_new_sink_start_at_one_end() {
        requireDivisible();
        receive(1);
        var parts = SinkPartition.all(3);
        var first = store.deliveries().of(parts.getFirst()).open(CRM);
        receive(2);
        assertThat(store.deliveries().of(parts.getLast()).open(CRM)).isEqualTo(first);
    }

    @Test
    void partitions_become_one_again_without_losing_or_repeating_an_event() {
        requireDivisible();
        var parts = separatingParts();
        openAll(parts);
        receive(1);
        store.journal().appendInstanceEvent("ping", Map.of());
        receive(2);
        store.journal().appendInstanceEvent("ping", Map.of());
        receive(1);
        var end = store.journal().end();
        for (var part : parts) {
            if (!part.contains("instance")) {
                store.deliveries().of(part).save(CRM, DeliveryPosition.at(end), List.of(), List.of());
            }
        }
        var whole = store.deliveries().open(CRM);
        reopenAfterPowerCut();
        assertThat(store.deliveries().open(CRM)).isEqualTo(whole);
        assertThat(journal().stream()
                        .filter(event -> !whole.isDone(event.position()))
                        .map(JournalEvent::type))
                .containsExactly("ping", "ping");
        assertThat(store.deliveries().of(parts.getFirst()).savedPosition(CRM)).isEmpty();
        var others = SinkPartition.all(parts.size() + 1);
        openAll(others);
        assertThat(store.deliveries().of(others.getLast()).savedPosition(CRM)).contains(whole);
    }

    @Test
    void a_process_with_the_old_number_of_partitions_changes_nothing() {
        requireDivisible();
        var old = store.deliveries().of(new SinkPartition(1, 2));
        old.open(CRM);
        var now = store.deliveries().of(new SinkPartition(1, 3));
        var position = now.open(CRM);
        assertThatThrownBy(() -> old.save(CRM, DeliveryPosition.at(at(9)), List.of(), List.of()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("another number of partitions");
        assertThatThrownBy(() -> old.saveStatus(CRM, SinkStatus.HEALTHY)).isInstanceOf(StoreException.class);
        assertThat(now.savedPosition(CRM)).contains(position);
        assertThat(old.savedPosition(CRM)).isEmpty();
    }

    @Test
    void the_slowest_partition_keeps_its_part_of_the_journal() {
        requireDivisible();
        var slow = store.deliveries().of(new SinkPartition(0, 2));
        var fast = slow.of(new SinkPartition(1, 2));
        var start = slow.open(CRM).upTo();
        fast.open(CRM);
        receive(2);
        fast.save(CRM, DeliveryPosition.at(store.journal().end()), List.of(), List.of());
        assertThat(fast.deliveredByAll()).isEqualTo(start);
        slow.release(CRM);
        assertThat(fast.deliveredByAll()).isEqualTo(store.journal().end());
    }

    @Test
    void keeps_deferred_events_by_lane() {
        var late = deferred(CRM, 9, "lane-a", 4);
        var early = deferred(CRM, 7, "lane-a", 1);
        store.deliveries()
                .save(
                        CRM,
                        DeliveryPosition.at(at(9)),
                        List.of(late, early, deferred(CRM, 8, "lane-b", 0), deferred(CRM, 6, "lane-a", 0)),
                        List.of());
        store.deliveries().save(BUS, DeliveryPosition.at(at(9)), List.of(deferred(BUS, 7, "lane-a", 1)), List.of());
        store.deliveries().save(CRM, DeliveryPosition.at(at(9)), List.of(), List.of(at(6)));
        reopenAfterPowerCut();
        assertThat(store.deliveries().deferred(CRM, "lane-a", 10)).containsExactly(early, late);
        assertThat(store.deliveries().deferred(CRM, "lane-a", 1)).containsExactly(early);
        assertThat(store.deliveries().deferredCount(CRM)).isEqualTo(3);
        assertThat(store.deliveries().oldestDeferred(CRM)).contains(early.position());
        assertThat(store.deliveries().deferredLanes(CRM))
                .containsExactly(
                        new LaneDue("lane-a", time().plusSeconds(7), 2),
                        new LaneDue("lane-b", time().plusSeconds(8), 1));
        store.deliveries().open(CRM);
        store.deliveries().open(BUS);
        assertThat(store.deliveries().deliveredByAll()).isEqualTo(at(6));
    }

    @Test
    void everything_counts_as_delivered_without_a_sink() {
        receive(1);
        assertThat(store.deliveries().deliveredByAll())
                .isEqualTo(store.journal().end());
    }

    @Test
    void keeps_how_a_sink_is_doing() {
        assertThat(store.deliveries().status(CRM)).isEqualTo(SinkStatus.HEALTHY);
        var status = new SinkStatus(Optional.of(time()), true, false, Optional.of("no connection"));
        store.deliveries().saveStatus(CRM, status);
        store.deliveries().save(CRM, DeliveryPosition.at(at(1)), List.of(), List.of());
        reopenAfterPowerCut();
        assertThat(store.deliveries().status(CRM)).isEqualTo(status);
    }

    @Test
    void a_dead_letter_keeps_its_event_when_the_journal_forgets_it() {
        receive(1);
        store.journal().appendInstanceEvent("ping", Map.of("why", "test"));
        var events = journal();
        store.deliveries().save(CRM, DeliveryPosition.at(at(3)), List.of(deferred(CRM, 2, "lane-a", 1)), List.of());
        for (var event : events) {
            clock.advance(Duration.ofSeconds(1));
            store.deliveries().saveDeadLetter(letter(event));
        }
        assertThat(store.deliveries().deferredCount(CRM)).isZero();
        assertThat(store.deliveries().oldestDeferred(CRM)).isEmpty();
        store.journal().prune(time().plusSeconds(60), store.journal().end(), 100);
        reopenAfterPowerCut();
        assertThat(store.deliveries().deadLetters(Optional.empty(), 10))
                .extracting(DeadLetter::event)
                .isEqualTo(events.reversed());
        assertThat(store.deliveries().deadLetters(Optional.of(CRM), 1)).hasSize(1);
        assertThat(store.deliveries().deadLetters(Optional.of(BUS), 1)).isEmpty();
        assertThat(store.deliveries().deadLetterCount()).isEqualTo(events.size());
        assertThat(store.deliveries().deadLetterCounts()).isEqualTo(Map.of(CRM, (long) events.size()));
    }

    @Test
    void a_dead_letter_keeps_the_response_of_its_receiver() {
        receive(1);
        var refused = letter(journal().getFirst()).withResponse(new RefusedResponse(422, "Überweisung fehlt: 🙂\n"));
        store.deliveries().saveDeadLetter(refused);
        assertThat(store.deliveries().deadLetters(Optional.empty(), 10)).containsExactly(refused);
        reopenAfterPowerCut();
        assertThat(store.deliveries().deadLetters(Optional.empty(), 10)).containsExactly(refused);
        store.replays().recallAll(Optional.of(CRM));
        assertThat(store.replays().recalled(CRM, 10)).containsExactly(refused);
        var silent = refused.refusedAgain("no response", Optional.empty(), time());
        store.replays().saveFailedRecall(silent);
        reopenAfterPowerCut();
        assertThat(store.deliveries().deadLetters(Optional.of(CRM), 10)).containsExactly(silent);
    }

    @Test
    void a_response_of_any_bytes_is_stored_up_to_4_KiB() {
        receive(1);
        var binary = new byte[2 * RefusedResponse.MAX_BODY_BYTES];
        new Random(1).nextBytes(binary);
        var bodies = List.of(
                "", "\0", "\ud83d", "x" + "🙂".repeat(2000), new String(binary, UTF_8), new String(binary, UTF_16));
        for (var body : bodies) {
            var refused = letter(journal().getFirst()).withResponse(new RefusedResponse(500, body));
            store.deliveries().saveDeadLetter(refused);
            assertThat(store.deliveries().deadLetters(Optional.empty(), 10)).containsExactly(refused);
        }
    }

    @Test
    void dead_letters_come_in_pages_whatever_happens_between_them() {
        receive(1);
        var event = journal().getFirst();
        for (var name : List.of("a", "b", "c", "d", "e")) {
            // two letters at the same instant
            clock.advance(name.equals("c") || name.equals("e") ? Duration.ofMillis(1) : Duration.ZERO);
            var sink = name.equals("d") ? BUS : CRM;
            store.deliveries().saveDeadLetter(new DeadLetter("dead-" + name, sink, event, "HTTP 400", 9, time()));
        }
        var first = store.deliveries().deadLetters(Optional.empty(), 2);
        assertThat(first).extracting(DeadLetter::id).containsExactly("dead-e", "dead-c");
        store.deliveries().dropDeadLetter("dead-c");
        var pageKey = Optional.of(first.getLast().pageKey());
        assertThat(store.deliveries().deadLetters(Optional.empty(), pageKey, 9))
                .extracting(DeadLetter::id)
                .containsExactly("dead-d", "dead-a", "dead-b");
        assertThat(store.deliveries().deadLetters(Optional.of(CRM), pageKey, 1))
                .extracting(DeadLetter::id)
                .containsExactly("dead-a");
        assertThat(store.deliveries().deadLetters(Optional.of(BUS), pageKey, 9)).hasSize(1);
    }

    private DeadLetter letter(JournalEvent event) {
        return new DeadLetter("dead-" + event.position().value(), CRM, event, "HTTP 400", 9, time());
    }

    @Test
    void dead_letters_can_be_dropped_and_age() {
        receive(1);
        var event = journal().getFirst();
        store.deliveries().saveDeadLetter(letter(event));
        clock.advance(Duration.ofDays(1));
        store.deliveries().saveDeadLetter(new DeadLetter("dead-x", CRM, event, "HTTP 400", 9, time()));
        store.deliveries().saveDeadLetter(new DeadLetter("dead-y", CRM, event, "HTTP 400", 9, time()));
        assertThat(store.deliveries().pruneDeadLetters(time())).isEqualTo(1);
        assertThat(store.deliveries().dropDeadLetter("dead-x")).isTrue();
        assertThat(store.deliveries().dropDeadLetter("dead-x")).isFalse();
        assertThat(store.deliveries().deadLetters(Optional.empty(), 10))
                .extracting(DeadLetter::id)
                .containsExactly("dead-y");
    }
}
