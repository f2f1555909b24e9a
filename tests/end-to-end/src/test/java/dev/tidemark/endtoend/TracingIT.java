package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.opentelemetry.SpanCollector;
import dev.tidemark.opentelemetry.SpanCollector.CollectedSpan;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Checks the traces of a mail with a collector, without one, and while they are off.
final class TracingIT {
    private static final String ADA = "ada@example.com";
    private static final String EXPORTED = "tidemark_trace_spans_total{outcome=\"exported\"}";
    private static final String LOST = "tidemark_trace_spans_total{outcome=\"lost\"}";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void a_mail_has_one_trace_from_its_callback_to_its_webhook() throws IOException {
        try (var collector = SpanCollector.start(LoopbackPorts.free());
                var scene = EndToEndScene.in(folder, ADA)) {
            trace(scene, collector.endpoint());
            scene.withEnvironment(Map.of("COLLECTOR", "Bearer of-the-test", "JAVA_TOOL_OPTIONS", logClasses()))
                    .with("tracing", "headers", "{ Authorization: '${env:COLLECTOR}' }");
            scene.startSubscribed();
            scene.mailbox(ADA).deliver("Hello");
            scene.awaitAllReceived();
            var mail = scene.webhook().story().events(DeliveryHistory.RECEIVED).getFirst();
            EndToEndScene.await("the spans of the mail")
                    .until(() -> spans(mail, collector)
                            .map(CollectedSpan::name)
                            .toList()
                            .containsAll(List.of("callback", "commit", "deliver")));

            var deliver = spans(mail, collector)
                    .filter(span -> span.name().equals("deliver"))
                    .findFirst()
                    .orElseThrow();
            assertThat(mail.traceParent()).isEqualTo("00-" + deliver.traceId() + "-" + deliver.spanId() + "-01");
            assertInTraceOf(deliver, collector);
            var mailbox = scene.admin().mailbox(ADA).path("id").asString();
            assertThat(deliver.attributes())
                    .containsEntry("tidemark.event", mail.id())
                    .containsEntry("tidemark.mailbox", mailbox)
                    .containsEntry("tidemark.sink", "hook")
                    .containsEntry("tidemark.result", "responded 204")
                    .containsEntry("service.instance.id", DaemonConfig.INSTANCE);
            assertThat(collector.spans("Subscribe")).isNotEmpty();
            assertThat(collector.spans()).noneMatch(span -> span.toString().contains(ADA));
            assertThat(collector.requests())
                    .allMatch(headers -> "Bearer of-the-test".equals(headers.getFirst("Authorization")));
            EndToEndScene.await("the count of spans").until(() -> scene.admin().metric(EXPORTED) >= 3);
            assertThat(scene.admin().metric(LOST)).isZero();
            scene.assertInOrder();
        }
        assertThat(loadedClasses())
                .anyMatch(line -> line.contains("io.opentelemetry.sdk.trace.SdkTracerProvider")
                        && line.contains("/lib/opentelemetry/"));
    }

    /// Returns the spans in the trace that the webhook received.
    private static Stream<CollectedSpan> spans(ReceivedRequest mail, SpanCollector collector) {
        return collector.spans().stream().filter(span -> mail.traceParent().contains(span.traceId()));
    }

    private static void assertInTraceOf(CollectedSpan deliver, SpanCollector collector) {
        var callback = inTraceOf(deliver, collector.spans("callback"));
        var commit = inTraceOf(deliver, collector.spans("commit"));
        assertThat(deliver.parentId()).isEqualTo(callback.spanId());
        assertThat(commit.parentId()).isEqualTo(callback.spanId());
        assertThat(callback.parentId()).isEmpty();
        assertThat(callback.attributes())
                .containsEntry("tidemark.events", "1")
                .containsEntry("tidemark.result", "stored");
    }

    private static CollectedSpan inTraceOf(CollectedSpan span, List<CollectedSpan> others) {
        var found = others.stream()
                .filter(other -> other.traceId().equals(span.traceId()))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    @Test
    void a_collector_that_is_away_costs_only_spans_and_one_warning() {
        try (var scene = EndToEndScene.in(folder, ADA)) {
            trace(scene, URI.create("http://127.0.0.1:" + LoopbackPorts.free() + "/v1/traces"));
            var daemon = scene.startSubscribed();
            for (var i = 0; i < 20; i++) {
                scene.mailbox(ADA).deliver("Hello " + i);
            }
            scene.awaitAllReceived();
            EndToEndScene.await("lost spans").until(() -> scene.admin().metric(LOST) >= 60);

            assertThat(scene.admin().metric(EXPORTED)).isZero();
            assertThat(scene.admin().total("gaps")).isZero();
            scene.webhook().story().assertNoneDoubled(DeliveryHistory.RECEIVED);
            assertThat(scene.daemonOutput().lines().filter(line -> line.contains("pans")))
                    .singleElement()
                    .asString()
                    .contains("WARN", "Losing spans", "no connection", "check tracing.endpoint");
            assertThat(daemon.terminate()).isZero();
            scene.assertInOrder();
        }
    }

    @Test
    void no_class_of_opentelemetry_is_loaded_while_traces_are_off() throws IOException {
        try (var scene = EndToEndScene.in(folder, ADA)) {
            scene.withEnvironment(Map.of("JAVA_TOOL_OPTIONS", logClasses()));
            scene.startSubscribed();
            scene.mailbox(ADA).deliver("Hello");
            scene.awaitAllReceived();
        }
        assertThat(loadedClasses())
                .anyMatch(line -> line.contains("dev.tidemark.tracing.EventTracer "))
                .noneMatch(line -> line.contains("opentelemetry"));
    }

    private String logClasses() {
        return "-Xlog:class+load:file=" + folder.resolve("classes.log");
    }

    private List<String> loadedClasses() throws IOException {
        return Files.readAllLines(folder.resolve("classes.log"));
    }

    private static void trace(EndToEndScene scene, URI endpoint) {
        scene.with("tracing", "endpoint", endpoint.toString()).with("tracing", "sample", "1");
    }
}
