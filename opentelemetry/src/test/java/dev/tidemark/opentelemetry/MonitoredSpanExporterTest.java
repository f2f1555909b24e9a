package dev.tidemark.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.tracing.EventTracer.SpanCounts;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/// Exports through exporters of its own, because the library's exporter ends most requests by itself.
final class MonitoredSpanExporterTest {
    private static final Duration LIMIT = Duration.ofMillis(1);

    private final SpanMeter meter = new SpanMeter(URI.create("http://127.0.0.1:4318/v1/traces"), 10);

    /// Exporter whose requests end with this result.
    private static final class FixedResultExporter implements SpanExporter {
        private final CompletableResultCode result;
        private boolean isShutDown;

        FixedResultExporter(CompletableResultCode result) {
            this.result = result;
        }

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return result;
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            isShutDown = true;
            return CompletableResultCode.ofSuccess();
        }
    }

    @Test
    void an_exporter_whose_request_does_not_end_is_replaced() {
        var stalled = new FixedResultExporter(new CompletableResultCode());
        Queue<SpanExporter> exporters =
                new ArrayDeque<>(List.of(stalled, new FixedResultExporter(CompletableResultCode.ofSuccess())));
        var exporter = new MonitoredSpanExporter(exporters::remove, meter, LIMIT);

        assertThat(exporter.export(List.of()).isSuccess()).isFalse();
        assertThat(stalled.isShutDown).isTrue();
        assertThat(exporter.export(List.of()).isSuccess()).isTrue();
    }

    @Test
    void spans_of_a_request_that_does_not_end_are_lost_and_no_longer_wait() {
        assertThat(meter.admit()).isTrue();
        var exporter =
                new MonitoredSpanExporter(() -> new FixedResultExporter(new CompletableResultCode()), meter, LIMIT);

        try (var provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .build()) {
            provider.get("test").spanBuilder("deliver").startSpan().end();
        }

        assertThat(meter.counts()).isEqualTo(new SpanCounts(0, 1));
    }
}
