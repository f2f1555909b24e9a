package dev.tidemark.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.opentelemetry.SpanCollector.CollectedSpan;
import dev.tidemark.tracing.EventTracer;
import dev.tidemark.tracing.EventTracer.DeliveryAttempt;
import dev.tidemark.tracing.EventTracer.SpanCounts;
import dev.tidemark.tracing.EventTracer.TracedEvent;
import dev.tidemark.tracing.TraceParent;
import dev.tidemark.tracing.TracerFactory;
import dev.tidemark.tracing.TracerFactory.TracedService;
import dev.tidemark.tracing.TracerFactory.TracingConfig;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Tests the exported spans with a collector, and the tracer without one.
final class OtlpEventTracerTest {
    private static final String EVENT = "evt_0hzx9t7q2m4k8v1n3b5c6d7e8f";
    private static final String OTHER = "evt_1hzx9t7q2m4k8v1n3b5c6d7e8f";
    private static final String MAILBOX = "mbx_7q2m4k8vabcd2345";
    private static final Instant NOW = Instant.parse("2026-11-01T09:15:02Z");

    private final SpanCollector collector = SpanCollector.start(0);

    @AfterEach
    void stop() {
        collector.close();
    }

    @Test
    void the_installed_factory_is_found() {
        assertThat(TracerFactory.installed()).containsInstanceOf(OtlpTracerFactory.class);
    }

    @Test
    void a_callback_and_its_commit_are_in_the_trace_of_the_event() {
        try (var tracer = open(1)) {
            recordCallback(tracer, EVENT);
        }
        var root = TraceParent.rootOf(EVENT);
        var callback = only("callback");
        var commit = only("commit");
        assertThat(callback.traceId()).isEqualTo(root.traceId());
        assertThat(callback.spanId()).isEqualTo(root.spanId());
        assertThat(callback.parentId()).isEmpty();
        assertThat(callback.kind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
        assertThat(callback.isError()).isFalse();
        assertThat(callback.attributes())
                .containsAllEntriesOf(Map.of(
                        "service.name", "tidemark",
                        "service.instance.id", "gw1",
                        "tidemark.instance", "gw1",
                        "tidemark.mailbox", MAILBOX,
                        "tidemark.events", "2",
                        "tidemark.result", "stored"));
        assertThat(commit.traceId()).isEqualTo(root.traceId());
        assertThat(commit.parentId()).isEqualTo(root.spanId());
        assertThat(callback.endNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(NOW.getEpochSecond()));
        assertThat(callback.startNanos()).isLessThanOrEqualTo(commit.startNanos());
        assertThat(commit.startNanos()).isLessThanOrEqualTo(commit.endNanos());
        assertThat(commit.endNanos()).isLessThanOrEqualTo(callback.endNanos());
    }

    @Test
    void each_event_of_a_callback_has_it_in_its_trace() {
        try (var tracer = open(1)) {
            recordCallback(tracer, EVENT, OTHER, EVENT);
        }
        assertTraces("callback", EVENT, OTHER);
    }

    @Test
    void a_refused_callback_is_an_error_in_a_separate_trace() {
        try (var tracer = open(1)) {
            var callback = tracer.callback(MAILBOX, 1, System.nanoTime());
            callback.commitStarted();
            callback.addEvent(EVENT);
            callback.end("refused", true);
        }
        assertThat(only("callback").isError()).isTrue();
        assertThat(only("callback").traceId())
                .isNotEqualTo(TraceParent.rootOf(EVENT).traceId());
    }

    @Test
    void a_delivery_names_the_callback_as_its_parent_in_any_process() {
        Optional<String> header;
        try (var tracer = open(1)) {
            var delivery = tracer.delivery(attempt(true, EVENT));
            header = delivery.traceParent();
            delivery.end("responded 204", true);
        }
        var root = TraceParent.rootOf(EVENT);
        var deliver = only("deliver");
        assertThat(deliver.traceId()).isEqualTo(root.traceId());
        assertThat(deliver.parentId()).isEqualTo(root.spanId());
        assertThat(header).contains("00-" + root.traceId() + "-" + deliver.spanId() + "-01");
        assertThat(deliver.kind()).isEqualTo(SpanKind.SPAN_KIND_CLIENT);
        assertThat(deliver.attributes())
                .containsAllEntriesOf(Map.of(
                        "tidemark.event", EVENT,
                        "tidemark.mailbox", MAILBOX,
                        "tidemark.sink", "crm",
                        "tidemark.attempt", "3",
                        "tidemark.result", "responded 204"));
    }

    @Test
    void a_delivery_of_an_event_without_callback_has_no_parent() {
        try (var tracer = open(1)) {
            tracer.delivery(attempt(false, EVENT)).end("responded 500", false);
        }
        assertThat(only("deliver").traceId())
                .isEqualTo(TraceParent.rootOf(EVENT).traceId());
        assertThat(only("deliver").parentId()).isEmpty();
        assertThat(only("deliver").isError()).isTrue();
    }

    @Test
    void a_request_of_several_events_is_in_the_trace_of_each() {
        Optional<String> header;
        try (var tracer = open(1)) {
            var delivery = tracer.delivery(attempt(true, EVENT, OTHER));
            header = delivery.traceParent();
            delivery.end("responded 204", true);
        }
        assertTraces("deliver", EVENT, OTHER);
        assertThat(header.orElseThrow()).contains(TraceParent.rootOf(EVENT).traceId());
    }

    @Test
    void callback_and_delivery_are_sampled_together() {
        var ids = IntStream.range(0, 1000)
                .mapToObj(i -> "evt_" + String.format("%026d", i))
                .toList();
        try (var tracer = open(0.25)) {
            for (var id : ids) {
                recordCallback(tracer, id);
                var delivery = tracer.delivery(attempt(true, id));
                assertThat(delivery.isOn()).isEqualTo(delivery.traceParent().isPresent());
                delivery.end("responded 204", true);
            }
        }
        await().untilAsserted(() -> {
            var callbacks = traces("callback");
            assertThat(callbacks).hasSizeBetween(150, 350);
            assertThat(traces("deliver")).containsExactlyInAnyOrderElementsOf(callbacks);
        });
    }

    @Test
    void a_request_to_exchange_is_a_trace_of_its_own() {
        try (var tracer = open(1)) {
            tracer.exchangeRequest(
                    "onprem", "Subscribe", "success", Duration.ofMillis(5).toNanos());
            tracer.exchangeRequest("onprem", "GetItem", "no-response", 1);
        }
        var subscribe = only("Subscribe");
        assertThat(subscribe.kind()).isEqualTo(SpanKind.SPAN_KIND_CLIENT);
        assertThat(subscribe.attributes()).containsEntry("tidemark.connection", "onprem");
        assertThat(subscribe.endNanos() - subscribe.startNanos())
                .isEqualTo(Duration.ofMillis(5).toNanos());
        assertThat(only("GetItem").isError()).isTrue();
    }

    @Test
    void the_collector_receives_the_configured_headers() {
        try (var tracer = open(new TracingConfig(collector.endpoint(), 1, Map.of("Authorization", "Bearer x")))) {
            recordCallback(tracer, EVENT);
        }
        assertThat(only("callback").attributes()).containsEntry("tidemark.mailbox", MAILBOX);
        assertThat(collector.requests()).allMatch(headers -> "Bearer x".equals(headers.getFirst("Authorization")));
    }

    @Test
    void spans_that_the_collector_refuses_are_counted_until_it_accepts_them_again() {
        collector.respondWith(400);
        try (var tracer = open(1)) {
            recordCallback(tracer, EVENT);
            await().until(() -> tracer.counts().equals(new SpanCounts(0, 2)));
            collector.respondWith(200);
            recordCallback(tracer, OTHER);
            await().until(() -> tracer.counts().equals(new SpanCounts(2, 2)));
        }
    }

    @Test
    void an_absent_collector_costs_only_spans() {
        collector.close();
        var tracer = open(new TracingConfig(URI.create("http://127.0.0.1:1/v1/traces"), 1, Map.of()));
        recordCallback(tracer, EVENT);
        await().until(() -> tracer.counts().equals(new SpanCounts(0, 2)));
        tracer.close();
    }

    @Test
    void spans_beyond_those_that_wait_for_a_hanging_collector_are_lost_and_counted() {
        collector.hang();
        var tracer = open(1);
        for (var i = 0; i < 2000; i++) {
            recordCallback(tracer, "evt_" + String.format("%026d", i));
        }
        // 4000 spans, of which 2048 may wait
        assertThat(tracer.counts().lost()).isGreaterThanOrEqualTo(4000 - 2048);
        collector.close();
        tracer.close();
    }

    private static void recordCallback(EventTracer tracer, String... events) {
        var callback = tracer.callback(MAILBOX, 2, System.nanoTime());
        callback.commitStarted();
        for (var event : events) {
            callback.addEvent(event);
        }
        callback.commitEnded();
        callback.end("stored", false);
    }

    private static DeliveryAttempt attempt(boolean isPushed, String... events) {
        return new DeliveryAttempt(
                "crm",
                3,
                List.of(events).stream()
                        .map(id -> new TracedEvent(id, Optional.of(MAILBOX), isPushed))
                        .toList());
    }

    private EventTracer open(double sample) {
        return open(new TracingConfig(collector.endpoint(), sample, Map.of()));
    }

    private static EventTracer open(TracingConfig config) {
        return new OtlpTracerFactory().open(config, new TracedService("gw1", "1.0"), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    /// Waits, because a busy machine may export after the close.
    private CollectedSpan only(String name) {
        await().untilAsserted(() -> assertThat(collector.spans(name)).hasSize(1));
        return collector.spans(name).getFirst();
    }

    private void assertTraces(String name, String... events) {
        var expected = List.of(events).stream()
                .map(id -> TraceParent.rootOf(id).traceId())
                .toList();
        await().untilAsserted(() -> assertThat(traces(name)).containsExactlyElementsOf(expected));
    }

    private List<String> traces(String name) {
        return collector.spans(name).stream().map(CollectedSpan::traceId).toList();
    }
}
