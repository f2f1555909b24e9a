package dev.tidemark.forwarder;

import static dev.tidemark.forwarder.SinkControllerFixture.BROKEN;
import static dev.tidemark.forwarder.SinkControllerFixture.CRM;
import static dev.tidemark.forwarder.SinkControllerFixture.DOWN;
import static dev.tidemark.forwarder.SinkControllerFixture.OK;
import static dev.tidemark.forwarder.SinkControllerFixture.status;
import static dev.tidemark.forwarder.TestEvents.ADA;
import static dev.tidemark.forwarder.TestEvents.BOB;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.SinkState.Active;
import dev.tidemark.forwarder.SinkState.Held;
import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.store.model.JournalEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks a sink with several events per request.
final class SinkBatchTest {
    private final MemoryStore store = new MemoryStore();

    @Test
    void what_waits_goes_together_and_in_order() {
        var rig = rig(2, 4, Duration.ZERO);
        var events = receive(10);
        rig.step();
        // a mailbox is in at most one request: both lanes are in flight
        assertThat(rig.requests()).extracting(DeliveryBatch::size).containsExactly(4, 4);
        var delivered = rig.answerAll(OK);
        assertThat(delivered).containsExactlyInAnyOrderElementsOf(events);
        assertOrderPerMailbox(delivered);
    }

    @Test
    void large_lists_in_number_are_filled() {
        var rig = rig(4, 100, Duration.ZERO);
        receive(3000);
        rig.step();
        assertThat(rig.requests()).extracting(DeliveryBatch::size).containsExactly(100, 100);
        assertThat(rig.answerAll(OK)).hasSize(3000);
    }

    @Test
    void without_linger_a_single_event_goes_at_once() {
        var rig = rig(2, 100, Duration.ZERO);
        store.receive(ADA);
        assertThat(rig.step().requests()).hasSize(1);
    }

    @Test
    void with_linger_it_waits_for_company_but_not_longer() {
        var rig = rig(2, 3, ofMillis(200));
        store.receive(ADA);
        assertThat(rig.step().requests()).isEmpty();
        rig.advance(ofMillis(150));
        store.receive(BOB);
        assertThat(rig.step().requests()).isEmpty();
        assertThat(rig.advance(ofMillis(50)).requests())
                .extracting(DeliveryBatch::size)
                .containsExactly(2);
        rig.answerAll(OK);
        receive(3);
        assertThat(rig.step().requests()).extracting(DeliveryBatch::size).containsExactly(3);
    }

    @Test
    void a_refused_batch_is_split_until_the_guilty_event_stands_alone() {
        var rig = rig(1, 16, Duration.ZERO);
        var events = receive(16);
        var guilty = events.get(5);
        rig.step();
        var delivered = serve(rig, event -> event.equals(guilty));
        assertThat(delivered).doesNotContain(guilty).doesNotHaveDuplicates();
        rig.advance(ofSeconds(1));
        assertThat(store.rows(CRM).getFirst().position()).isEqualTo(guilty.position());
        assertThat(store.rows(CRM).getFirst().attempts()).isOne();
        assertThat(store.rows(CRM).stream().skip(1)).allMatch(row -> row.attempts() == 0);

        rig.advance(ofSeconds(5));
        delivered.addAll(serve(rig, event -> false));
        assertThat(delivered).containsExactlyInAnyOrderElementsOf(events);
        assertOrderPerMailbox(delivered);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatever_is_refused_everything_else_arrives_once_and_in_order(long seed) {
        var random = new Random(seed);
        var rig = rig(1 + random.nextInt(4), 2 + random.nextInt(30), ofMillis(random.nextInt(2)));
        var events = receive(200);
        var guilty = events.stream().filter(event -> random.nextInt(20) == 0).collect(Collectors.toSet());
        var delivered = new ArrayList<JournalEvent>();
        for (var i = 0; i < 400; i++) {
            rig.advance(ofMinutes(5));
            delivered.addAll(serve(rig, guilty::contains));
        }
        var innocent = events.stream().filter(event -> !guilty.contains(event)).toList();
        assertThat(delivered).filteredOn(events::contains).containsExactlyInAnyOrderElementsOf(innocent);
        assertOrderPerMailbox(delivered);
    }

    @Test
    void a_sink_that_is_down_gets_one_event_as_a_probe_and_charges_nothing() {
        var rig = rig(1, 8, Duration.ZERO);
        var events = receive(8);
        rig.step().answer(events.getFirst(), DOWN);
        assertThat(rig.state()).isInstanceOf(Held.class);
        for (var hour = 0; hour < 100; hour++) {
            assertThat(rig.advance(ofHours(1)).requests())
                    .extracting(DeliveryBatch::size)
                    .containsExactly(1);
            rig.answer(rig.only().event(), DOWN);
        }
        rig.advance(ofHours(1));
        var delivered = rig.answerAll(OK);
        assertThat(delivered).containsExactlyInAnyOrderElementsOf(events);
        assertOrderPerMailbox(delivered);
        assertThat(store.rows(CRM)).isEmpty();
    }

    @Test
    void retry_after_for_a_batch_of_one_mailbox_does_not_delay_others() {
        var rig = rig(1, 8, Duration.ZERO);
        var adas = List.of(store.receive(ADA), store.receive(ADA), store.receive(ADA));
        rig.step().answer(adas.getFirst(), status(503, "100"));
        assertThat(rig.state()).isInstanceOf(Active.class);
        var bobs = store.receive(BOB);
        assertThat(rig.step().only().event()).isEqualTo(bobs);
        rig.answerAll(OK);
        rig.advance(ofSeconds(100));
        assertThat(rig.answerAll(OK)).containsExactlyElementsOf(adas);
    }

    @Test
    void retry_after_for_a_batch_of_several_mailboxes_holds_the_sink() {
        var rig = rig(1, 8, Duration.ZERO);
        var first = store.receive(ADA);
        store.receive(BOB);
        rig.step().answer(first, status(503, "100"));
        assertThat(rig.state()).isInstanceOf(Held.class);
        rig.advance(ofSeconds(99));
        assertThat(rig.requests()).isEmpty();
    }

    @Test
    void gone_puts_everything_back() {
        var rig = rig(1, 8, Duration.ZERO);
        var events = receive(5);
        rig.step().answer(events.getFirst(), new DeliveryResult.Status(410, Optional.empty()));
        rig.controller().enable();
        rig.step();
        assertThat(rig.answerAll(OK)).containsExactlyInAnyOrderElementsOf(events);
    }

    /// Responds until no request is in flight: 400 to those with a rejected event. Returns the delivered
    /// events.
    private static List<JournalEvent> serve(SinkControllerFixture rig, Predicate<JournalEvent> guilty) {
        var taken = new ArrayList<JournalEvent>();
        while (!rig.requests().isEmpty()) {
            var events = rig.requests().getFirst().deliveries().stream()
                    .map(PendingDelivery::event)
                    .toList();
            var refused = events.stream().anyMatch(guilty);
            taken.addAll(refused ? List.of() : events);
            rig.answer(events.getFirst(), refused ? BROKEN : OK);
        }
        return taken;
    }

    private static void assertOrderPerMailbox(List<JournalEvent> events) {
        var lanes = events.stream().collect(Collectors.groupingBy(JournalEvent::source));
        assertThat(lanes.values())
                .allSatisfy(lane ->
                        assertThat(lane).extracting(JournalEvent::sequence).isSorted());
    }

    private List<JournalEvent> receive(int count) {
        var events = new ArrayList<JournalEvent>();
        for (var i = 0; i < count; i++) {
            events.add(store.receive(i % 2 == 0 ? ADA : BOB));
        }
        return events;
    }

    private SinkControllerFixture rig(int concurrency, int batch, Duration linger) {
        var pace = new ThroughputConfig(concurrency, batch, linger, 0);
        return new SinkControllerFixture(
                store,
                new SinkConfig(
                        CRM,
                        SinkControllerFixture.sink().target(),
                        DeliveryOrdering.MAILBOX,
                        pace,
                        RetryConfig.DEFAULT,
                        List.of()));
    }
}
