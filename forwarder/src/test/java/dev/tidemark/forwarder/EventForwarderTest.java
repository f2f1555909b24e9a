package dev.tidemark.forwarder;

import static dev.tidemark.forwarder.TestEvents.ADA;
import static dev.tidemark.forwarder.TestEvents.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.operator.SinkTestResult;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.testsupport.SettableClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class EventForwarderTest {
    private static final SinkName CRM = new SinkName("crm");
    private static final SinkName BUS = new SinkName("bus");
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

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

    @Test
    void a_receiver_that_is_down_gets_everything_once_it_is_back_and_in_order() {
        var port = receiver.port();
        receiver.close();
        var forwarder = start(sink(CRM, receiver.url()));
        var events = new ArrayList<JournalEvent>();
        for (var i = 0; i < 20; i++) {
            events.add(store.receive(ADA));
        }
        await().until(() -> forwarder.sinks().getFirst().state().equals("held"));

        var back = new RecordingReceiver(port);
        open.add(back);
        clock.advance(Duration.ofMinutes(5));
        forwarder.wake();
        await().untilAsserted(() -> assertThat(back.ids()).containsExactlyElementsOf(ids(events)));
        assertThat(store.instanceEvents()).containsExactly("sink.failing");
    }

    @Test
    void a_dead_sink_never_delays_another() {
        var dead = sink(BUS, URI.create("http://127.0.0.1:1/"));
        var forwarder = start(dead, sink(CRM, receiver.url()));
        var event = store.receive(ADA);
        await().untilAsserted(
                        () -> assertThat(receiver.ids()).contains(event.id().value()));
        await().until(() -> forwarder.sinks().getFirst().state().equals("held"));
        // the event goes to the other sink, not to the failing one that it describes
        await().untilAsserted(() -> assertThat(receiver.calls())
                .anySatisfy(call -> assertThat(call.body()).contains("dev.tidemark.sink.failing")));
    }

    @Test
    void an_event_that_is_refused_does_not_keep_another_mailboxes_from_going() {
        var adas = ADA.id().value();
        receiver.answer(call -> RecordingReceiver.Reply.of(call.body().contains(adas) ? 500 : 204));
        start(sink(CRM, receiver.url()));
        store.receive(ADA);
        var next = store.receive(ADA);
        var bobs = store.receive(BOB);
        await().untilAsserted(
                        () -> assertThat(receiver.ids()).contains(bobs.id().value()));
        assertThat(receiver.ids()).doesNotContain(next.id().value());
    }

    @Test
    void a_request_carries_what_standard_webhooks_ask_for_and_verifies() {
        var now = new SettableClock(TestEvents.NOW);
        now.advance(Duration.between(now.instant(), Clock.systemUTC().instant()));
        var webhook = new WebhookConfig(
                receiver.url(), List.of(SECRET), Optional.empty(), Map.of("X-Team", "crm"), Duration.ofSeconds(5));
        open.add(EventForwarder.start(config(SinkConfig.of(CRM, webhook)), store, now));
        var event = store.receive(ADA);
        await().until(() -> !receiver.calls().isEmpty());

        var call = receiver.calls().getFirst();
        assertThat(call.body())
                .isEqualTo(new String(new CloudEventRenderer("gw1").render(event), StandardCharsets.UTF_8));
        assertThat(call.header("Content-type")).isEqualTo("application/cloudevents+json; charset=utf-8");
        assertThat(call.header("X-team")).isEqualTo("crm");
        assertThat(call.header("Tidemark-attempt")).isEqualTo("1");
        assertThat(call.header("Traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]");
        assertThat(call.headers()).doesNotContainKeys("Tidemark-late", "Tidemark-replay");
        assertThatCode(() -> new Webhook(SECRET).verify(call.body(), lowerCase(call.headers())))
                .doesNotThrowAnyException();
    }

    @Test
    void after_a_clean_stop_nothing_is_delivered_twice() {
        var forwarder = start(sink(CRM, receiver.url()));
        var first = List.of(store.receive(ADA), store.receive(BOB), store.receive(ADA));
        await().until(() -> receiver.calls().size() == 3);
        forwarder.close();
        start(sink(CRM, receiver.url()));
        var more = List.of(store.receive(ADA), store.receive(BOB));
        await().until(() -> receiver.calls().size() >= 5);
        assertThat(receiver.ids())
                .containsExactlyInAnyOrderElementsOf(ids(java.util.stream.Stream.concat(first.stream(), more.stream())
                        .toList()));
    }

    @Test
    void a_stop_waits_for_the_request_in_flight_and_starts_no_other() throws InterruptedException {
        var arrived = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        receiver.answer(call -> {
            arrived.countDown();
            awaitQuietly(release);
            return RecordingReceiver.Reply.of(200);
        });
        var forwarder = start(sink(CRM, receiver.url()));
        var event = store.receive(ADA);
        assertThat(arrived.await(1, java.util.concurrent.TimeUnit.MINUTES)).isTrue();
        forwarder.beginStop();
        store.receive(ADA);
        Thread.ofVirtual().start(release::countDown);
        forwarder.close();
        assertThat(receiver.calls()).hasSize(1);
        assertThat(store.position(CRM).upTo()).isEqualTo(event.position());
    }

    @Test
    void a_request_that_outlasts_the_stop_is_sent_again_after_the_restart() {
        var release = new CountDownLatch(1);
        receiver.answer(call -> {
            awaitQuietly(release);
            return RecordingReceiver.Reply.of(200);
        });
        var hasty = new ForwarderConfig(
                List.of(sink(CRM, receiver.url())), routes(CRM), loopback(), Duration.ofMillis(100));
        var forwarder = EventForwarder.start(hasty, store, clock);
        var event = store.receive(ADA);
        await().until(() -> receiver.calls().size() == 1);
        forwarder.close();
        release.countDown();
        start(sink(CRM, receiver.url()));
        await().untilAsserted(() -> assertThat(receiver.ids())
                .containsExactly(event.id().value(), event.id().value()));
    }

    @Test
    void a_sink_new_to_the_store_starts_at_the_journals_end() {
        store.receive(ADA);
        start(sink(CRM, receiver.url()));
        var later = store.receive(ADA);
        await().untilAsserted(() ->
                assertThat(receiver.ids()).containsExactly(later.id().value()));
    }

    @Test
    void loopback_needs_a_line_in_the_configuration() {
        var sink = sink(CRM, receiver.url());
        var config = new ForwarderConfig(List.of(sink), routes(CRM), EgressConfig.standard(), Duration.ofSeconds(5));
        var forwarder = EventForwarder.start(config, store, clock);
        open.add(forwarder);
        store.receive(ADA);
        await().until(() -> forwarder.sinks().getFirst().state().equals("refused"));
        assertThat(forwarder.sinks().getFirst().lastError().orElse("")).contains("egress.allow: [ 127.0.0.1/32 ]");
        assertThat(receiver.calls()).isEmpty();
    }

    @Test
    void a_trial_event_is_signed_and_not_journalled() {
        var forwarder = start(sink(CRM, receiver.url()));
        assertThat(forwarder.test(CRM)).contains(new SinkTestResult(true, "responded 204"));
        assertThat(receiver.calls().getFirst().body()).contains("dev.tidemark.ping");
        assertThat(store.end().value()).isZero();
        assertThat(forwarder.test(BUS)).isEmpty();
    }

    @Test
    void an_operator_can_disable_and_enable() {
        var forwarder = start(sink(CRM, receiver.url()));
        assertThat(forwarder.disable(CRM).orElseThrow().state()).isEqualTo("disabled");
        var event = store.receive(ADA);
        await().until(() -> forwarder.sinks().getFirst().oldestUndeliveredAt().isPresent());
        assertThat(forwarder.sinks().getFirst().backlog()).isPositive();
        assertThat(forwarder.enable(CRM)).isPresent();
        await().untilAsserted(() ->
                assertThat(receiver.ids()).containsExactly(event.id().value()));
        await().untilAsserted(
                        () -> assertThat(forwarder.sinks().getFirst().backlog()).isZero());
        assertThat(forwarder.counters().get(CRM).delivered()).isOne();
    }

    @Test
    void a_thousand_events_of_many_mailboxes_arrive_each_in_the_order_of_its_mailbox() {
        start(sink(CRM, receiver.url()));
        var expected = new ArrayList<JournalEvent>();
        for (var i = 0; i < 1000; i++) {
            expected.add(store.receive(TestEvents.mailbox("m" + i % 20, (char) ('a' + i % 20))));
        }
        await().until(() -> receiver.calls().size() >= 1000);
        assertThat(receiver.ids()).containsExactlyInAnyOrderElementsOf(ids(expected));
        for (var i = 0; i < 20; i++) {
            var path = "/mailboxes/mbx_" + String.valueOf((char) ('a' + i)).repeat(16);
            assertThat(receiver.calls().stream()
                            .filter(call -> call.body().contains(path))
                            .map(RecordingReceiver.Call::id))
                    .isSorted()
                    .hasSize(50);
        }
    }

    private EventForwarder start(SinkConfig... sinks) {
        var forwarder = EventForwarder.start(config(sinks), store, clock);
        open.add(forwarder);
        return forwarder;
    }

    private static ForwarderConfig config(SinkConfig... sinks) {
        var names = List.of(sinks).stream().map(SinkConfig::name).toArray(SinkName[]::new);
        return new ForwarderConfig(List.of(sinks), routes(names), loopback(), Duration.ofMinutes(1));
    }

    private static Map<String, Set<SinkName>> routes(SinkName... names) {
        return Map.of("inboxes", Set.of(names));
    }

    private static EgressConfig loopback() {
        return new EgressConfig(false, List.of("127.0.0.0/8"));
    }

    private static SinkConfig sink(SinkName name, URI url) {
        return SinkConfig.of(name, WebhookConfig.of(url, SECRET));
    }

    private static List<String> ids(List<JournalEvent> events) {
        return events.stream().map(event -> event.id().value()).toList();
    }

    private static Map<String, List<String>> lowerCase(Map<String, List<String>> headers) {
        return headers.entrySet().stream()
                .collect(java.util.stream.Collectors.toMap(
                        header -> header.getKey().toLowerCase(java.util.Locale.ROOT), Map.Entry::getValue));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(2, java.util.concurrent.TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
