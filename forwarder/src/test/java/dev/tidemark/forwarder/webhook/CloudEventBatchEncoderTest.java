package dev.tidemark.forwarder.webhook;

import static dev.tidemark.forwarder.TestEvents.ADA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.MemoryStore;
import dev.tidemark.forwarder.RecordingReceiver;
import dev.tidemark.forwarder.TestEvents;
import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.operator.SinkTestResult;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.targets.MessageBatch.OutboundMessage;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.testsupport.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class CloudEventBatchEncoderTest {
    private static final SinkName CRM = new SinkName("crm");
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final MemoryStore store = new MemoryStore();
    private final RecordingReceiver receiver = new RecordingReceiver();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void the_id_is_a_digest_of_the_ids_and_their_order() {
        var one = message("evt_a");
        var other = message("evt_b");
        assertThat(CloudEventBatchEncoder.id(List.of(one, other)))
                .matches("bat_[0-9a-v]{26}")
                .isEqualTo(CloudEventBatchEncoder.id(List.of(one, other)))
                .isNotEqualTo(CloudEventBatchEncoder.id(List.of(other, one)))
                .isNotEqualTo(CloudEventBatchEncoder.id(List.of(one)))
                .isNotEqualTo(CloudEventBatchEncoder.id(List.of(message("evt_a\nevt_b")))
                        .toUpperCase(Locale.ROOT));
    }

    @Test
    void the_body_is_the_list_of_the_events_own_bytes() {
        assertThat(new String(CloudEventBatchEncoder.body(List.of(message("evt_a"))), StandardCharsets.UTF_8))
                .isEqualTo("[{\"id\":\"evt_a\"}]");
        assertThat(new String(
                        CloudEventBatchEncoder.body(List.of(message("evt_a"), message("evt_b"))),
                        StandardCharsets.UTF_8))
                .isEqualTo("[{\"id\":\"evt_a\"},{\"id\":\"evt_b\"}]");
    }

    @Test
    void one_signature_is_over_the_whole_body() {
        var clock = new SettableClock(TestEvents.NOW);
        clock.advance(Duration.between(clock.instant(), Clock.systemUTC().instant()));
        var pace = new ThroughputConfig(1, 10, Duration.ofSeconds(20), 0);
        var sink = new SinkConfig(
                CRM,
                WebhookConfig.of(receiver.url(), SECRET),
                DeliveryOrdering.MAILBOX,
                pace,
                RetryConfig.DEFAULT,
                List.of());
        var config = new ForwarderConfig(
                List.of(sink),
                Map.of("inboxes", Set.of(CRM)),
                new EgressConfig(false, List.of("127.0.0.0/8")),
                Duration.ofSeconds(10));
        try (var forwarder = EventForwarder.start(config, store, clock)) {
            var events = new ArrayList<JournalEvent>();
            for (var i = 0; i < 10; i++) {
                events.add(store.receive(ADA));
            }
            await().until(() -> receiver.calls().size() == 1);
            var call = receiver.calls().getFirst();
            var rendered = events.stream()
                    .map(event -> new String(new CloudEventRenderer("gw1").render(event), StandardCharsets.UTF_8))
                    .collect(Collectors.joining(",", "[", "]"));
            assertThat(call.body()).isEqualTo(rendered);
            assertThat(call.header("Content-type")).isEqualTo("application/cloudevents-batch+json; charset=utf-8");
            assertThat(call.id()).startsWith("bat_");
            assertThatCode(() -> new Webhook(SECRET).verify(call.body(), lowerCase(call.headers())))
                    .doesNotThrowAnyException();
            await().until(() -> forwarder.counters().get(CRM).delivered() == 10);

            assertThat(forwarder.test(CRM).map(SinkTestResult::delivered)).contains(true);
            assertThat(receiver.calls().getLast().body()).startsWith("[{").contains("dev.tidemark.ping");
        }
        assertThat(store.deadLetters(Optional.empty(), 1)).isEmpty();
    }

    private static Map<String, List<String>> lowerCase(Map<String, List<String>> headers) {
        var lower = new TreeMap<String, List<String>>();
        headers.forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), values));
        return lower;
    }

    private static OutboundMessage message(String id) {
        return new OutboundMessage(id, "mbx", ("{\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8), false);
    }
}
