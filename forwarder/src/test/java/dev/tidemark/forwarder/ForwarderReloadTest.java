package dev.tidemark.forwarder;

import static dev.tidemark.forwarder.TestEvents.ADA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.forwarder.operator.ReplayRequest;
import dev.tidemark.forwarder.operator.SinkView;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.targets.SinkTarget;
import dev.tidemark.forwarder.targets.SinkTargetConfig;
import dev.tidemark.forwarder.targets.SinkTargetContext;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.testsupport.SettableClock;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class ForwarderReloadTest {
    private static final SinkName CRM = new SinkName("crm");
    private static final SinkName BUS = new SinkName("bus");
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final MemoryStore store = new MemoryStore();
    private final SettableClock clock = new SettableClock(TestEvents.NOW);
    private final RecordingReceiver receiver = new RecordingReceiver();
    private final RecordingReceiver other = new RecordingReceiver();
    private final List<AutoCloseable> open = new ArrayList<>(List.of(receiver, other));

    @AfterEach
    void close() throws Exception {
        for (var each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void a_target_that_cannot_be_opened_changes_nothing() {
        var forwarder = start(config(Set.of(CRM), sink(CRM, receiver.url(), "one")));
        var broken = config(
                Set.of(CRM, BUS), sink(CRM, receiver.url(), "two"), SinkConfig.of(BUS, new UnusableTargetConfig()));
        assertThatThrownBy(() -> forwarder.prepare(broken, Set.of())).hasMessageContaining("unusable");

        var event = store.receive(ADA);
        await().untilAsserted(() -> assertThat(receiver.ids()).containsExactlyElementsOf(ids(event)));
        assertThat(receiver.calls().getFirst().header("X-team")).isEqualTo("one");
    }

    @Test
    void a_changed_sink_ends_its_request_in_flight_first_and_repeats_nothing() throws InterruptedException {
        var arrived = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        receiver.answer(call -> {
            arrived.countDown();
            awaitQuietly(release);
            return RecordingReceiver.Reply.of(204);
        });
        var forwarder = start(config(Set.of(CRM), sink(CRM, receiver.url(), "one")));
        var first = store.receive(ADA);
        assertThat(arrived.await(1, TimeUnit.MINUTES)).isTrue();

        var reload = Thread.ofVirtual()
                .start(() -> reload(forwarder, config(Set.of(CRM), sink(CRM, receiver.url(), "two")), Set.of()));
        var second = store.receive(ADA);
        release.countDown();
        reload.join();
        var third = store.receive(ADA);
        await().untilAsserted(() -> assertThat(receiver.ids()).containsExactlyElementsOf(ids(first, second, third)));
        assertThat(receiver.calls().getLast().header("X-team")).isEqualTo("two");
        await().untilAsserted(() ->
                assertThat(forwarder.counters().get(CRM).delivered()).isEqualTo(3));
    }

    @Test
    void an_unchanged_sink_continues_while_another_is_replaced() {
        var forwarder =
                start(config(Set.of(CRM, BUS), sink(CRM, receiver.url(), "one"), sink(BUS, other.url(), "one")));
        var release = new CountDownLatch(1);
        receiver.answer(call -> {
            awaitQuietly(release);
            return RecordingReceiver.Reply.of(204);
        });
        store.receive(ADA);
        await().until(() -> !receiver.calls().isEmpty());
        var next = config(Set.of(CRM, BUS), sink(CRM, receiver.url(), "two"), sink(BUS, other.url(), "one"));
        var reload = Thread.ofVirtual().start(() -> reload(forwarder, next, Set.of()));
        var event = store.receive(ADA);
        await().untilAsserted(() -> assertThat(other.ids()).contains(event.id().value()));
        assertThat(reload.isAlive()).isTrue();
        release.countDown();
        await().until(() -> !reload.isAlive());
    }

    @Test
    void a_removed_sink_ends_and_a_new_one_starts_at_the_end_of_the_journal() {
        var forwarder = start(config(Set.of(CRM), sink(CRM, receiver.url(), "one")));
        var before = store.receive(ADA);
        await().untilAsserted(() -> assertThat(receiver.ids()).containsExactlyElementsOf(ids(before)));

        reload(forwarder, config(Set.of(BUS), sink(BUS, other.url(), "one")), Set.of());
        var after = store.receive(ADA);
        await().untilAsserted(() -> assertThat(other.ids()).containsExactlyElementsOf(ids(after)));
        assertThat(receiver.ids()).containsExactlyElementsOf(ids(before));
        assertThat(forwarder.sinks()).extracting(SinkView::name).containsExactly(BUS);
    }

    @Test
    void an_event_goes_to_the_sinks_of_its_time_however_far_they_are_behind() {
        var crm = sink(CRM, receiver.url(), "one");
        var bus = sink(BUS, other.url(), "one");
        var forwarder = start(config(Set.of(CRM), crm, bus));
        forwarder.disable(CRM);
        var before = store.receive(ADA);
        reload(forwarder, config(Set.of(BUS), crm, bus), Set.of());
        var after = store.receive(ADA);
        forwarder.enable(CRM);
        await().untilAsserted(() -> {
            assertThat(receiver.ids()).containsExactlyElementsOf(ids(before));
            assertThat(other.ids()).containsExactlyElementsOf(ids(after));
        });
    }

    @Test
    void a_second_reload_keeps_the_events_that_a_sink_has_read_but_not_delivered() {
        var bus = sink(BUS, other.url(), "one");
        var forwarder = start(config(Set.of(CRM), sink(CRM, receiver.url(), "one"), bus));
        forwarder.disable(CRM);
        var waiting = List.of(store.receive(ADA), store.receive(ADA)).toArray(JournalEvent[]::new);
        await().until(() -> readBy(forwarder, CRM) == waiting.length);
        reload(forwarder, config(Set.of(BUS), sink(CRM, receiver.url(), "one"), bus), Set.of());
        reload(forwarder, config(Set.of(BUS), sink(CRM, receiver.url(), "two"), bus), Set.of());
        forwarder.enable(CRM);
        await().untilAsserted(() -> assertThat(receiver.ids()).containsExactlyElementsOf(ids(waiting)));
        assertThat(receiver.calls().getFirst().header("X-team")).isEqualTo("two");
        assertThat(other.calls()).isEmpty();
    }

    @Test
    void a_reload_names_the_routes_that_a_sink_loses_while_it_is_behind() {
        var crm = sink(CRM, receiver.url(), "one");
        var bus = sink(BUS, other.url(), "one");
        var forwarder = start(config(Set.of(CRM, BUS), crm, bus));
        forwarder.disable(CRM);
        var event = store.receive(ADA);
        await().until(() -> forwarder.behind().equals(Set.of(CRM)));
        assertThat(other.ids()).containsExactlyElementsOf(ids(event));
        assertThat(lostRoutes(forwarder, config(Set.of(CRM, BUS), crm, bus))).isEmpty();
        // the other sink is behind for a moment, by the event that the first sink was disabled
        await().untilAsserted(() ->
                assertThat(lostRoutes(forwarder, config(Set.of(CRM), crm, bus))).isEmpty());
        assertThat(lostRoutes(forwarder, config(Set.of(BUS), bus))).isEmpty();
        assertThat(lostRoutes(forwarder, config(Set.of(BUS), crm, bus))).isEqualTo(Map.of(CRM, List.of("inboxes")));
    }

    @Test
    void an_event_of_a_group_that_is_removed_still_goes_to_its_sinks() {
        var crm = sink(CRM, receiver.url(), "one");
        var forwarder = start(config(Set.of(CRM), crm));
        forwarder.disable(CRM);
        var before = store.receive(ADA);
        var without = new ForwarderConfig(List.of(crm), Map.of(), loopback(), Duration.ofMinutes(1));
        reload(forwarder, without, Set.of());
        forwarder.enable(CRM);
        await().untilAsserted(() -> assertThat(receiver.ids()).containsExactlyElementsOf(ids(before)));
    }

    @Test
    void a_sink_with_changed_files_opens_its_target_again() {
        var config = config(Set.of(CRM), sink(CRM, receiver.url(), "one"));
        var forwarder = start(config);
        try (var same = forwarder.prepare(config, Set.of());
                var renewed = forwarder.prepare(config, Set.of(CRM))) {
            assertThat(same.replaced()).isEmpty();
            assertThat(renewed.replaced()).containsExactly(CRM);
        }
    }

    @Test
    void a_stop_during_a_reload_stops_the_new_sink_as_well() {
        var release = new CountDownLatch(1);
        receiver.answer(call -> {
            awaitQuietly(release);
            return RecordingReceiver.Reply.of(204);
        });
        var forwarder = start(config(Set.of(CRM), sink(CRM, receiver.url(), "one")));
        var event = store.receive(ADA);
        await().until(() -> !receiver.calls().isEmpty());
        var next = config(Set.of(CRM), sink(CRM, receiver.url(), "two"));
        var reload = Thread.ofVirtual().start(() -> reload(forwarder, next, Set.of()));
        store.receive(ADA);
        forwarder.beginStop();
        release.countDown();
        forwarder.close();
        await().until(() -> !reload.isAlive());
        assertThat(receiver.ids()).containsExactlyElementsOf(ids(event));
        assertThat(store.position(CRM).upTo()).isEqualTo(event.position());
    }

    @Test
    void a_stop_waits_no_longer_than_its_limit_for_a_reload() {
        var release = new CountDownLatch(1);
        receiver.answer(call -> {
            awaitQuietly(release);
            return RecordingReceiver.Reply.of(204);
        });
        var config = config(Set.of(CRM), sink(CRM, receiver.url(), "one"));
        var impatient = new ForwarderConfig(config.sinks(), config.routes(), config.egress(), Duration.ofMillis(1));
        var forwarder = start(impatient);
        store.receive(ADA);
        await().until(() -> !receiver.calls().isEmpty());
        var next = config(Set.of(CRM), sink(CRM, receiver.url(), "two"));
        var reload = Thread.ofVirtual().start(() -> reload(forwarder, next, Set.of()));
        await().until(() -> reload.getState() == Thread.State.WAITING);

        var stop = Thread.ofVirtual().start(forwarder::close);
        await().atMost(Duration.ofSeconds(50)).until(() -> !stop.isAlive());
        release.countDown();
        await().until(() -> !reload.isAlive());
        assertThat(receiver.count()).isEqualTo(1);
    }

    private record UnusableTargetConfig() implements SinkTargetConfig {
        @Override
        public String type() {
            return "unusable";
        }

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(1);
        }

        @Override
        public SinkTarget open(SinkTargetContext context) {
            throw new IllegalStateException("unusable");
        }
    }

    private EventForwarder start(ForwarderConfig config) {
        var forwarder = EventForwarder.start(config, store, clock);
        open.add(forwarder);
        return forwarder;
    }

    private static void reload(EventForwarder forwarder, ForwarderConfig next, Set<SinkName> renewed) {
        try (var prepared = forwarder.prepare(next, renewed)) {
            prepared.apply();
            prepared.complete();
        }
    }

    private static Map<SinkName, List<String>> lostRoutes(EventForwarder forwarder, ForwarderConfig next) {
        try (var prepared = forwarder.prepare(next, Set.of())) {
            return prepared.lostRoutes();
        }
    }

    /// Returns the number of events that the sink has read, which is the most that can be replayed to it.
    private static long readBy(EventForwarder forwarder, SinkName sink) {
        var all = new ReplayRequest(
                JournalPosition.START,
                new JournalPosition(Long.MAX_VALUE),
                Optional.empty(),
                Optional.empty(),
                ReplayRequest.DEFAULT_RATE,
                true);
        return forwarder.replay(sink, all).orElseThrow().count();
    }

    private static ForwarderConfig config(Set<SinkName> ofInboxes, SinkConfig... sinks) {
        return new ForwarderConfig(List.of(sinks), Map.of("inboxes", ofInboxes), loopback(), Duration.ofMinutes(1));
    }

    private static EgressConfig loopback() {
        return new EgressConfig(false, List.of("127.0.0.0/8"));
    }

    private static SinkConfig sink(SinkName name, URI url, String team) {
        var target = new WebhookConfig(
                url, List.of(SECRET), Optional.empty(), Map.of("X-Team", team), Duration.ofSeconds(60));
        return new SinkConfig(
                name,
                target,
                DeliveryOrdering.MAILBOX,
                ThroughputConfig.DEFAULT,
                RetryConfig.DEFAULT,
                List.of("dev.tidemark.mailbox.*"));
    }

    private static List<String> ids(JournalEvent... events) {
        return List.of(events).stream().map(event -> event.id().value()).toList();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
