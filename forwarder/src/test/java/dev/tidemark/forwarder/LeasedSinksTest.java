package dev.tidemark.forwarder;

import static dev.tidemark.forwarder.TestEvents.ADA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseCommand;
import dev.tidemark.store.lease.LeaseStore.NodeIdentity;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.tracing.EventTracer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Lets two forwarders on one store, like two nodes of a cluster, pass a sink to each other.
@Timeout(180)
final class LeasedSinksTest {
    private static final SinkName CRM = new SinkName("crm");
    private static final SinkName BUS = new SinkName("bus");
    private static final Lease FIRST = new Lease("sink:crm", 1);
    private static final Lease SECOND = new Lease("sink:crm", 2);
    private static final NodeIdentity BEN = new NodeIdentity("ben", "2", "1.0", Instant.EPOCH);

    private final MemoryStore store = new MemoryStore();
    private final SettableClock clock = new SettableClock(TestEvents.NOW);
    private final RecordingReceiver receiver = new RecordingReceiver();
    private final List<AutoCloseable> open = new ArrayList<>(List.of(receiver));

    @AfterEach
    void close() throws Exception {
        for (var each : open.reversed()) {
            each.close();
        }
    }

    private EventForwarder node() {
        return node(List.of(sink(CRM, receiver)));
    }

    private static SinkConfig sink(SinkName name, RecordingReceiver receiver) {
        return SinkConfig.of(name, WebhookConfig.of(receiver.url(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    }

    private EventForwarder node(List<SinkConfig> sinks) {
        var config = new ForwarderConfig(
                sinks,
                Map.of("inboxes", sinks.stream().map(SinkConfig::name).collect(Collectors.toUnmodifiableSet())),
                new EgressConfig(false, List.of("127.0.0.0/8")),
                Duration.ofMinutes(1));
        var node = EventForwarder.startLeased(config, store, clock, clock, 1, EventTracer.OFF);
        open.add(node);
        return node;
    }

    private void awaitReceived(JournalEvent... events) {
        await().untilAsserted(() -> assertThat(receiver.ids()).containsExactlyElementsOf(ids(events)));
    }

    private static List<String> ids(JournalEvent... events) {
        return List.of(events).stream().map(event -> event.id().value()).toList();
    }

    /// Has a node deliver a first event.
    private JournalEvent deliverFirst(EventForwarder node) {
        node.leased().begin(FIRST, () -> true);
        var first = store.receive(ADA);
        awaitReceived(first);
        return first;
    }

    @Test
    void a_node_without_the_lease_shows_the_sink_and_delivers_nothing() {
        store.open(CRM);
        var ann = node();
        assertThat(ann.leased().resources()).containsExactly("sink:crm");
        store.receive(ADA);
        var view = ann.sinks().getFirst();
        assertThat(view.state()).isEqualTo("active");
        assertThat(view.backlog()).isOne();
        assertThat(view.oldestUndeliveredAt()).isPresent();
        assertThat(receiver.ids()).isEmpty();
    }

    @Test
    void a_new_sink_gets_the_events_from_before_its_first_lease() {
        var ann = node();
        var first = store.receive(ADA);
        ann.leased().begin(FIRST, () -> true);
        awaitReceived(first);
    }

    @Test
    void a_view_of_a_sink_claims_no_part_of_the_journal() {
        store.open(CRM);
        var ann = node();
        store.receive(ADA);
        assertThat(store.deliveredByAll()).isEqualTo(JournalPosition.START);
        store.release(CRM);
        assertThat(ann.sinks().getFirst().backlog()).isOne();
        assertThat(store.deliveredByAll()).isEqualTo(store.end());
    }

    @Test
    void a_hand_over_does_not_wait_for_the_other_sinks_of_a_node_that_stops() throws Exception {
        var slow = new RecordingReceiver();
        open.add(slow);
        var arrived = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        slow.answer(call -> {
            arrived.countDown();
            awaitQuietly(release);
            return RecordingReceiver.Reply.of(204);
        });
        var ann = node(List.of(sink(BUS, slow), sink(CRM, receiver)));
        ann.leased().begin(new Lease("sink:bus", 1), () -> true);
        var first = deliverFirst(ann);
        arrived.await();
        var closing = Thread.ofVirtual().start(ann::close);
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        ann.leased().handOver(FIRST);
        assertThat(closing.isAlive()).isTrue();
        ann.leased().begin(SECOND, () -> true);
        release.countDown();
        closing.join();
        store.receive(ADA);
        assertThat(receiver.ids()).containsExactlyElementsOf(ids(first));
    }

    @Test
    void a_clean_hand_over_repeats_nothing() {
        var ann = node();
        var ben = node();
        var first = deliverFirst(ann);
        ann.leased().handOver(FIRST);
        ben.leased().begin(SECOND, () -> true);
        var second = store.receive(ADA);
        awaitReceived(first, second);
    }

    @Test
    void a_hand_over_waits_for_the_request_in_flight() throws InterruptedException {
        var ann = node();
        var ben = node();
        var arrived = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        receiver.answer(call -> {
            arrived.countDown();
            awaitQuietly(release);
            return RecordingReceiver.Reply.of(204);
        });
        ann.leased().begin(FIRST, () -> true);
        var first = store.receive(ADA);
        arrived.await();
        var second = store.receive(ADA);
        var handOver = Thread.ofVirtual().start(() -> ann.leased().handOver(FIRST));
        release.countDown();
        handOver.join();
        ben.leased().begin(SECOND, () -> true);
        awaitReceived(first, second);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_sink_continues_when_its_lease_is_valid_again() {
        var ann = node();
        var isValid = new AtomicBoolean();
        ann.leased().begin(FIRST, isValid::get);
        var first = store.receive(ADA);
        isValid.set(true);
        ann.wake();
        awaitReceived(first);
    }

    @Test
    void a_node_that_lost_the_lease_ends_at_the_first_position_that_is_refused() {
        var ann = node();
        var first = deliverFirst(ann);
        store.loseLease(CRM);
        // the position of this event is refused
        var second = store.receive(ADA);
        awaitReceived(first, second);
        clock.advance(Duration.ofSeconds(1));
        ann.wake();
        await().untilAsserted(
                        () -> assertThatThrownBy(() -> ann.enable(CRM)).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void the_end_of_an_older_lease_does_not_end_a_newer_one() {
        var ann = node();
        var first = deliverFirst(ann);
        ann.leased().begin(SECOND, () -> true);
        ann.leased().abandon(FIRST);
        ann.leased().handOver(FIRST);
        var second = store.receive(ADA);
        awaitReceived(first, second);
    }

    @Test
    void an_order_is_passed_to_the_node_that_delivers() {
        var ann = node();
        var ben = node();
        deliverFirst(ben);
        ann.disable(CRM);
        var leases = store.leases().orElseThrow();
        leases.join(BEN, Duration.ofHours(1));
        var orders = leases.renew(BEN, Set.of("sink:crm"), Duration.ofHours(1)).commands();
        assertThat(orders).containsExactly(new LeaseCommand("sink:crm", "DISABLE"));
        orders.forEach(ben.leased()::order);
        await().until(() -> ben.sinks().getFirst().state().equals("disabled"));
        await().until(() -> {
            clock.advance(Duration.ofSeconds(1));
            ben.wake();
            return ann.sinks().getFirst().state().equals("disabled");
        });
        ben.leased().order(new LeaseCommand("sink:crm", "PAINT"));
        assertThat(ben.sinks().getFirst().state()).isEqualTo("disabled");
    }

    @Test
    void a_changed_sink_keeps_its_lease_across_a_reload() {
        var ann = node();
        var first = deliverFirst(ann);
        var webhook = WebhookConfig.of(receiver.url(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx");
        var next = new ForwarderConfig(
                List.of(SinkConfig.of(CRM, webhook)),
                Map.of("inboxes", Set.of(CRM)),
                new EgressConfig(false, List.of("127.0.0.0/8")),
                Duration.ofMinutes(1));
        try (var prepared = ann.prepare(next, Set.of(CRM))) {
            prepared.apply();
            prepared.complete();
        }
        var second = store.receive(ADA);
        awaitReceived(first, second);
    }
}
