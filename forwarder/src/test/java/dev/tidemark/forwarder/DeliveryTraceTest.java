package dev.tidemark.forwarder;

import static dev.tidemark.forwarder.TestEvents.ADA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import dev.tidemark.contract.RecordingEventTracer;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.tracing.EventTracer;
import dev.tidemark.tracing.EventTracer.TracedEvent;
import dev.tidemark.tracing.TraceParent;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Tests the traces of deliveries: with the recorded attempts, and with the requests that a receiver got.
final class DeliveryTraceTest {
    private static final SinkName CRM = new SinkName("crm");
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final MemoryStore store = new MemoryStore();
    private final RecordingReceiver receiver = new RecordingReceiver();
    private final RecordingEventTracer tracer = new RecordingEventTracer();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void a_traced_delivery_names_its_event_and_sends_its_span_beside_the_signed_body() {
        try (var forwarder = start(tracer)) {
            var event = store.receive(ADA);
            await().until(() -> !tracer.deliveries().isEmpty());

            var delivery = tracer.deliveries().getFirst();
            assertThat(delivery.attempt().sink()).isEqualTo("crm");
            assertThat(delivery.attempt().attempt()).isOne();
            assertThat(delivery.attempt().events())
                    .containsExactly(new TracedEvent(
                            event.id().value(), Optional.of(ADA.id().value()), true));
            assertThat(delivery.result()).isEqualTo("responded 204");
            assertThat(delivery.isDelivered()).isTrue();
            var call = receiver.calls().getFirst();
            assertThat(call.header("Traceparent")).isEqualTo(RecordingEventTracer.TRACE_PARENT);
            assertThat(call.body()).doesNotContain("traceparent");
            assertThatCode(() -> new Webhook(SECRET).verify(call.body(), lowerCase(call.headers())))
                    .doesNotThrowAnyException();
            assertThat(forwarder.counters().get(CRM).failed()).isZero();
        }
    }

    @Test
    void a_refused_delivery_ends_with_the_response() {
        receiver.answer(call -> RecordingReceiver.Reply.of(500));
        try (var forwarder = start(tracer)) {
            store.receive(ADA);
            await().until(() -> !tracer.deliveries().isEmpty());
            assertThat(tracer.deliveries().getFirst().isDelivered()).isFalse();
            assertThat(tracer.deliveries().getFirst().result()).startsWith("responded 500");
            assertThat(forwarder.sinks()).hasSize(1);
        }
    }

    @Test
    void a_delivery_that_is_not_traced_is_in_the_same_trace_without_the_flag() {
        try (var forwarder = start(EventTracer.OFF)) {
            var event = store.receive(ADA);
            await().until(() -> !receiver.calls().isEmpty());
            var trace = TraceParent.rootOf(event.id().value()).traceId();
            assertThat(receiver.calls().getFirst().header("Traceparent")).matches("00-" + trace + "-[0-9a-f]{16}-00");
            assertThat(forwarder.sinks()).hasSize(1);
        }
    }

    private EventForwarder start(EventTracer used) {
        var config = new ForwarderConfig(
                List.of(SinkConfig.of(CRM, WebhookConfig.of(receiver.url(), SECRET))),
                Map.of("inboxes", Set.of(CRM)),
                new EgressConfig(false, List.of("127.0.0.0/8")),
                Duration.ofMinutes(1));
        var clock = Clock.systemUTC();
        return EventForwarder.start(config, store, clock, clock, used);
    }

    private static Map<String, List<String>> lowerCase(Map<String, List<String>> headers) {
        return headers.entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue));
    }
}
