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
    void a_mail_has_one_trace_from_its_callback_to_its_webhook() {
        try (var collector = SpanCollector.start(LoopbackPorts.free());
                var scene = EndToEndScene.in(folder, ADA)) {
            trace(scene, collector.endpoint());
            scene.withEnvironment(Map.of("COLLECTOR", "Bearer of-the-test"))
                    .with("tracing", "headers", "{ Authorization: '${env:COLLECTOR}' }");
            scene.startSubscribed();
            scene.mailbox(ADA).deliver("Hello");
            scene.awaitAllReceived();
            EndToEndScene.await("the spans")
                    .until(() -> !collector.spans("deliver").isEmpty());

            var mail = scene.webhook().story().events(DeliveryHistory.RECEIVED).getFirst();
            var deliver = collector.spans("deliver").stream()
                    .filter(span -> mail.id().equals(span.attributes().get("tidemark.event")))
                    .findFirst()
                    .orElseThrow();
            assertThat(mail.traceParent()).isEqualTo("00-" + deliver.traceId() + "-" + deliver.spanId() + "-01");
            assertInTraceOf(deliver, collector);
            var mailbox = scene.admin().mailbox(ADA).path("id").asString();
            assertThat(deliver.attributes())
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
        assertThat(loadedClasses(false)).noneMatch(line -> line.contains("opentelemetry"));
    }

    @Test
    void the_classes_of_opentelemetry_come_from_their_folder() throws IOException {
        assertThat(loadedClasses(true))
                .anyMatch(line -> line.contains("io.opentelemetry.sdk.trace.SdkTracerProvider")
                        && line.contains("/lib/opentelemetry/"));
    }

    /// Returns the JVM's log of the classes that a daemon loads until it has delivered a mail.
    private List<String> loadedClasses(boolean isTracing) throws IOException {
        var log = folder.resolve("classes.log");
        try (var collector = SpanCollector.start(LoopbackPorts.free());
                var scene = EndToEndScene.in(folder, ADA)) {
            if (isTracing) {
                trace(scene, collector.endpoint());
            }
            scene.withEnvironment(Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + log));
            var daemon = scene.startSubscribed();
            scene.mailbox(ADA).deliver("Hello");
            scene.awaitAllReceived();
            daemon.terminate();
        }
        var lines = Files.readAllLines(log);
        assertThat(lines).anyMatch(line -> line.contains("dev.tidemark.tracing.EventTracer "));
        return lines;
    }

    private static void trace(EndToEndScene scene, URI endpoint) {
        scene.with("tracing", "endpoint", endpoint.toString()).with("tracing", "sample", "1");
    }
}
