package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.MailboxAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
final class ForwarderOnH2Test {
    private static final SinkName CRM = new SinkName("crm");

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock(TestEvents.NOW);
    private final RecordingReceiver receiver = new RecordingReceiver();
    private WatermarkStore store;
    private EventForwarder forwarder;
    private MailboxId ada;
    private MailboxId bob;
    private String group = "inboxes";

    @BeforeEach
    void start() {
        store = StoreFactory.open(
                new StoreConfig(
                        "jdbc:h2:file:" + folder.resolve("store"), "sa", "", "gw1", true, 0, Duration.ofMinutes(15)),
                clock);
        ada = enrol("ada@example.com");
        bob = enrol("bob@example.com");
        var webhook = WebhookConfig.of(receiver.url(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        var retry = new RetryConfig(List.of(Duration.ofSeconds(5)), Duration.ofMinutes(10), Duration.ofHours(1));
        var sink = new SinkConfig(CRM, webhook, DeliveryOrdering.MAILBOX, ThroughputConfig.DEFAULT, retry, List.of());
        var egress = new EgressConfig(false, List.of("127.0.0.1"));
        forwarder = EventForwarder.start(
                new ForwarderConfig(List.of(sink), Map.of(group, Set.of(CRM)), egress, Duration.ofMinutes(1)),
                store,
                clock);
    }

    @AfterEach
    void stop() {
        forwarder.close();
        store.close();
    }

    @Test
    void after_clean_stops_each_event_came_once_and_in_order() {
        var expected = 0;
        for (var run = 0; run < 3; run++) {
            for (var i = 0; i < 50; i++) {
                append(ada);
                append(bob);
            }
            expected += 100;
            awaitCalls(expected);
            restart();
        }
        assertThat(receiver.ids()).doesNotHaveDuplicates().hasSize(300);
        assertThat(sequences(ada))
                .isEqualTo(IntStream.rangeClosed(1, 150).boxed().toList());
        assertThat(sequences(bob))
                .isEqualTo(IntStream.rangeClosed(1, 150).boxed().toList());
    }

    @Test
    void what_waits_arrives_although_its_group_was_renamed() {
        forwarder.close();
        append(ada);
        append(bob);
        store.close();
        group = "post";
        start();
        awaitCalls(2);
    }

    @Test
    void a_stop_with_requests_in_flight_and_parked_events_loses_none_and_repeats_no_delivered_one() {
        receiver.answer(call -> RecordingReceiver.Reply.of(call.body().contains("ada@") ? 500 : 204));
        for (var i = 0; i < 20; i++) {
            append(ada);
            append(bob);
        }
        awaitCalls(21);
        restart();
        assertThat(store.deliveries().deferredCount(CRM)).isEqualTo(20);
        receiver.answer(call -> RecordingReceiver.Reply.of(204));
        clock.advance(Duration.ofSeconds(6));
        forwarder.wake();
        awaitCalls(41);
        assertThat(sequences(bob))
                .isEqualTo(IntStream.rangeClosed(1, 20).boxed().toList());
        assertThat(sequences(ada).subList(1, 21))
                .isEqualTo(IntStream.rangeClosed(1, 20).boxed().toList());
        restart();
        assertThat(store.deliveries().deferredCount(CRM)).isZero();
        assertThat(receiver.calls()).hasSize(41);
    }

    @Test
    void after_the_clock_was_set_back_before_a_restart_what_waits_is_tried_in_time() {
        clock.advance(Duration.ofDays(40));
        receiver.answer(call -> RecordingReceiver.Reply.of(call.body().contains("ada@") ? 500 : 204));
        append(ada);
        append(bob);
        awaitCalls(2);
        stop();
        clock.advance(Duration.ofDays(-40));
        start();
        assertThat(store.deliveries().deferredCount(CRM)).isOne();
        receiver.answer(call -> RecordingReceiver.Reply.of(204));
        clock.advance(Duration.ofSeconds(6));
        forwarder.wake();
        awaitCalls(3);
        assertThat(sequences(ada)).containsExactly(1, 1);
    }

    @Test
    void an_event_given_up_is_a_dead_letter_and_is_reported() {
        var refused = new RecordingReceiver.Reply(400, Map.of(), "n must not be 1");
        receiver.answer(call -> call.body().contains("\"n\":1}") ? refused : RecordingReceiver.Reply.of(204));
        append(ada, 1);
        append(ada, 2);
        awaitCalls(1);
        await().until(() -> {
            clock.advance(Duration.ofSeconds(7));
            forwarder.wake();
            return store.deliveries().deadLetterCount() == 1;
        });
        awaitCalls(3);
        assertThat(store.deliveries().deadLetters(Optional.of(CRM), 10))
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.reason()).isEqualTo("responded 400");
                    assertThat(letter.attempts()).isEqualTo(2);
                    assertThat(letter.response()).contains(new RefusedResponse(400, "n must not be 1"));
                });
        await().untilAsserted(
                        () -> assertThat(store.journal().read(store.journal().oldest(), 10))
                                .anySatisfy(event -> assertThat(event.type()).isEqualTo("delivery.exhausted")));
    }

    @Test
    void gone_survives_a_restart() {
        receiver.answer(call -> RecordingReceiver.Reply.of(410));
        append(ada);
        await().until(() -> forwarder.sinks().getFirst().state().equals("disabled"));
        restart();
        assertThat(forwarder.sinks().getFirst().state()).isEqualTo("disabled");
        assertThat(forwarder.sinks().getFirst().lastError()).contains("responded 410");
        receiver.answer(call -> RecordingReceiver.Reply.of(204));
        assertThat(forwarder.enable(CRM)).isPresent();
        awaitCalls(2);
    }

    @Test
    void a_held_sink_keeps_the_time_of_its_first_failure_over_a_restart() {
        receiver.answer(call -> RecordingReceiver.Reply.of(503));
        var failedAt = clock.instant();
        append(ada);
        await().until(() -> forwarder.sinks().getFirst().state().equals("held"));
        assertThat(forwarder.sinks().getFirst().since()).contains(failedAt);
        clock.advance(Duration.ofMinutes(3));
        restart();
        assertThat(forwarder.sinks().getFirst().since()).contains(failedAt);
        receiver.answer(call -> RecordingReceiver.Reply.of(204));
        assertThat(forwarder.enable(CRM)).isPresent();
        await().until(() -> forwarder.sinks().getFirst().state().equals("active"));
        assertThat(forwarder.sinks().getFirst().since()).isEmpty();
    }

    @Test
    void events_beyond_max_undelivered_are_counted_and_reported_and_the_rest_arrives() {
        receiver.answer(call -> RecordingReceiver.Reply.of(call.body().contains("ada@") ? 500 : 204));
        append(ada, 1);
        awaitCalls(1);
        // its sink is disabled for longer than the journal is kept
        assertThat(forwarder.disable(CRM)).isPresent();
        for (var i = 0; i < 30; i++) {
            clock.advance(Duration.ofMillis(1));
            append(bob, i);
        }
        clock.advance(Duration.ofDays(31));
        var gone = store.journal().end();
        append(bob, 99);
        forwarder.close();
        while (store.journal().prune(clock.instant().minus(Duration.ofDays(30)), gone, 500) > 0) {
            // in steps, as retention does
        }
        store.close();
        start();
        receiver.answer(call -> RecordingReceiver.Reply.of(204));
        assertThat(forwarder.enable(CRM)).isPresent();
        await().until(() ->
                receiver.calls().stream().anyMatch(call -> call.body().contains("\"n\":99")));
        await().untilAsserted(
                        () -> assertThat(forwarder.sinks().getFirst().backlog()).isZero());
        var expired = forwarder.counters().get(CRM).expired();
        var events = store.journal().read(store.journal().oldest(), 100).stream()
                .filter(event -> event.type().equals("delivery.expired"))
                .toList();
        var arrived = receiver.calls().stream()
                .map(RecordingReceiver.Call::id)
                .distinct()
                .count();
        assertThat(events).isNotEmpty();
        // one attempt delivered no event: ada's, which is lost, too
        assertThat(arrived - 1 + expired).isGreaterThanOrEqualTo(32);
    }

    private MailboxId enrol(String address) {
        return store.mailboxes()
                .enrol(new MailboxAddress(address), new GroupMembership(group, false))
                .id();
    }

    private void append(MailboxId mailbox) {
        append(mailbox, 0);
    }

    private void append(MailboxId mailbox, long number) {
        store.journal().appendMailboxEvent(mailbox, "mailbox.relocated", Map.of("n", number));
    }

    private void restart() {
        stop();
        start();
    }

    private void awaitCalls(int count) {
        await().untilAsserted(() -> assertThat(receiver.calls()).hasSize(count));
    }

    private List<Integer> sequences(MailboxId mailbox) {
        return receiver.calls().stream()
                .map(RecordingReceiver.Call::body)
                .filter(body -> body.contains("/mailboxes/" + mailbox))
                .map(body -> body.replaceAll(".*\"sequence\":\"0*([0-9]+)\".*", "$1"))
                .map(Integer::valueOf)
                .toList();
    }
}
