package dev.tidemark.forwarder;

import static dev.tidemark.forwarder.TestEvents.ADA;
import static dev.tidemark.forwarder.TestEvents.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import dev.tidemark.forwarder.RecordingReceiver.Call;
import dev.tidemark.forwarder.RecordingReceiver.Reply;
import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.forwarder.operator.SinkTestResult;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.testsupport.SettableClock;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Checks a sink whose receiver closes kept connections without a response. The clock stands still, so a waiting
/// retry is never sent.
@Timeout(180)
final class StaleConnectionTest {
    private static final SinkName CRM = new SinkName("crm");
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Reply CLOSE = Reply.of(0);
    private static final Reply TAKEN = Reply.of(204);

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
    void the_next_attempt_follows_at_once_with_a_new_signature() {
        clock.advance(Duration.between(clock.instant(), Clock.systemUTC().instant()));
        answer((call, connection, number) -> connection == 1 && number == 2 ? CLOSE : TAKEN);
        var forwarder = start(ThroughputConfig.concurrency(1));
        var first = deliver(forwarder);
        var event = deliver(forwarder);

        assertThat(receiver.ids()).containsExactly(first, event, event);
        assertThat(attempts()).containsExactly("1", "1", "2");
        var again = receiver.calls().getLast();
        assertThat(again.port()).isNotEqualTo(receiver.calls().getFirst().port());
        assertThat(again.header("Traceparent"))
                .isNotEqualTo(receiver.calls().get(1).header("Traceparent"));
        assertThatCode(() -> new Webhook(SECRET).verify(again.body(), lowerCase(again.headers())))
                .doesNotThrowAnyException();
        assertUnharmed(forwarder);
        assertThat(forwarder.counters().get(CRM).attempts()).isEqualTo(3);
    }

    @Test
    void connections_that_are_closed_all_the_time_hold_nothing_up() {
        answer((call, connection, number) -> number == 1 ? TAKEN : CLOSE);
        var forwarder = start(ThroughputConfig.concurrency(4));
        var sent = new ArrayList<String>();
        for (var i = 0; i < 20; i++) {
            sent.add(store.receive(i % 2 == 0 ? ADA : BOB).id().value());
        }
        await().until(() -> forwarder.counters().get(CRM).delivered() == 20);
        assertThat(receiver.ids()).containsAll(sent);
        assertUnharmed(forwarder);
    }

    @Test
    void a_failure_after_it_uses_the_first_delay_of_the_schedule_and_counts_the_attempt() {
        answer((call, connection, number) -> {
            if (connection == 1 && number == 2) {
                return CLOSE;
            }
            return call.header("Tidemark-attempt").equals("2") ? Reply.of(500) : TAKEN;
        });
        var forwarder = start(ThroughputConfig.concurrency(1));
        deliver(forwarder);
        var event = store.receive(ADA).id().value();
        await().until(() -> forwarder.sinks().getFirst().lastError().isPresent());

        // the first place is 5 s, with its jitter
        clock.advance(Duration.ofSeconds(6));
        forwarder.wake();
        await().until(() -> receiver.ids().stream().filter(event::equals).count() == 3);
        assertThat(receiver.calls().stream()
                        .filter(call -> call.id().equals(event))
                        .map(call -> call.header("Tidemark-attempt")))
                .containsExactly("1", "2", "3");
    }

    @Test
    void a_new_connection_that_is_closed_without_an_answer_is_the_sinks_failure() {
        answer((call, connection, number) -> CLOSE);
        var forwarder = start(ThroughputConfig.concurrency(1));
        store.receive(ADA);
        await().until(() -> forwarder.sinks().getFirst().state().equals("held"));
        assertThat(attempts()).containsExactly("1");
        assertThat(store.instanceEvents()).containsExactly("sink.failing");
    }

    @Test
    void so_is_one_that_followed_a_kept_one() {
        answer((call, connection, number) -> connection == 1 && number == 1 ? TAKEN : CLOSE);
        var forwarder = start(ThroughputConfig.concurrency(1));
        deliver(forwarder);
        store.receive(ADA);
        await().until(() -> forwarder.sinks().getFirst().lastError().isPresent());
        assertThat(attempts()).containsExactly("1", "1", "2");
    }

    @Test
    void a_batch_goes_again_as_a_whole() {
        answer((call, connection, number) -> connection == 1 && number == 2 ? CLOSE : TAKEN);
        var forwarder = start(new ThroughputConfig(1, 10, Duration.ZERO, 0));
        deliver(forwarder);
        var event = store.receive(ADA).id().value();
        await().until(() -> forwarder.counters().get(CRM).delivered() == 2);
        assertThat(attempts()).containsExactly("1", "1", "2");
        assertThat(receiver.calls().getLast().id())
                .isEqualTo(receiver.calls().get(1).id())
                .startsWith("bat_");
        assertThat(receiver.calls().getLast().body()).contains(event);
        assertUnharmed(forwarder);
    }

    @Test
    void a_trial_event_goes_again_too() {
        answer((call, connection, number) -> connection == 1 && number == 2 ? CLOSE : TAKEN);
        var forwarder = start(ThroughputConfig.concurrency(1));
        assertThat(forwarder.test(CRM)).contains(new SinkTestResult(true, "responded 204"));
        assertThat(forwarder.test(CRM)).contains(new SinkTestResult(true, "responded 204"));
        assertThat(attempts()).containsExactly("1", "1", "2");
    }

    /// Responds to each call by the number of its connection, and its own number there, both from 1.
    private void answer(Script script) {
        var ports = new ArrayList<Integer>();
        receiver.answer(call -> {
            synchronized (ports) {
                ports.add(call.port());
                var connection = (int) ports.stream()
                                .distinct()
                                .takeWhile(port -> port != call.port())
                                .count()
                        + 1;
                return script.reply(call, connection, Collections.frequency(ports, call.port()));
            }
        });
    }

    private interface Script {
        Reply reply(Call call, int connection, int number);
    }

    private EventForwarder start(ThroughputConfig pace) {
        var webhook =
                new WebhookConfig(receiver.url(), List.of(SECRET), Optional.empty(), Map.of(), Duration.ofMinutes(1));
        var sink = new SinkConfig(CRM, webhook, DeliveryOrdering.MAILBOX, pace, RetryConfig.DEFAULT, List.of());
        var config = new ForwarderConfig(
                List.of(sink),
                Map.of("inboxes", Set.of(CRM)),
                new EgressConfig(false, List.of("127.0.0.0/8")),
                Duration.ofMinutes(1));
        var forwarder = EventForwarder.start(config, store, clock);
        open.add(forwarder);
        return forwarder;
    }

    private void assertUnharmed(EventForwarder forwarder) {
        var sink = forwarder.sinks().getFirst();
        assertThat(sink.state()).isEqualTo("active");
        assertThat(sink.lastError()).isEmpty();
        assertThat(forwarder.counters().get(CRM).failed()).isZero();
        assertThat(store.instanceEvents()).isEmpty();
        assertThat(store.rows(CRM)).isEmpty();
    }

    private String deliver(EventForwarder forwarder) {
        var before = forwarder.counters().get(CRM).delivered();
        var event = store.receive(ADA);
        await().until(() -> forwarder.counters().get(CRM).delivered() > before);
        return event.id().value();
    }

    private List<String> attempts() {
        return receiver.calls().stream()
                .map(call -> call.header("Tidemark-attempt"))
                .toList();
    }

    private static Map<String, List<String>> lowerCase(Map<String, List<String>> headers) {
        return headers.entrySet().stream()
                .collect(Collectors.toMap(header -> header.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue));
    }
}
