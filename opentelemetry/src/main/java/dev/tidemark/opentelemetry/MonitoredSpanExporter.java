package dev.tidemark.opentelemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;

/// Reports the result of each request to the collector. Called by the thread of the batches. Thread-safe.
final class MonitoredSpanExporter implements SpanExporter {
    private final SpanExporter exporter;
    private final SpanMeter meter;

    MonitoredSpanExporter(SpanExporter exporter, SpanMeter meter) {
        this.exporter = exporter;
        this.meter = meter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        var number = spans.size();
        var result = start(spans);
        result.whenComplete(() -> {
            if (result.isSuccess()) {
                meter.recordExported(number);
            } else {
                meter.recordLost(number, ExportFailureDescriber.describe(result.getFailureThrowable()));
            }
        });
        return result;
    }

    /// Starts the request. Counts spans as lost if the client does not even start it.
    private CompletableResultCode start(Collection<SpanData> spans) {
        try {
            return exporter.export(spans);
        } catch (RuntimeException e) {
            return CompletableResultCode.ofExceptionalFailure(e);
        }
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
