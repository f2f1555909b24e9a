package dev.tidemark.opentelemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Reports the result of each request to the collector, and replaces an exporter that does not end one: a response
/// whose
/// body stalls has no time-out in the library, and would hold its thread and connection for ever. Blocks the thread of
/// the
/// batches, which calls it. Thread-safe.
final class MonitoredSpanExporter implements SpanExporter {
    private final Supplier<SpanExporter> exporters;
    private final SpanMeter meter;
    private final Duration limit;
    private volatile SpanExporter exporter;

    /// @param exporters opens exporters
    /// @param limit limit of a request with its repetitions
    MonitoredSpanExporter(Supplier<SpanExporter> exporters, SpanMeter meter, Duration limit) {
        this.exporters = exporters;
        this.meter = meter;
        this.limit = limit;
        this.exporter = exporters.get();
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        var result = start(spans).join(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!result.isDone()) {
            replaceExporter();
            meter.recordLost(spans.size(), "no complete response in time");
            return CompletableResultCode.ofFailure();
        }
        if (result.isSuccess()) {
            meter.recordExported(spans.size());
        } else {
            meter.recordLost(spans.size(), ExportFailureDescriber.describe(result.getFailureThrowable()));
        }
        return result;
    }

    private void replaceExporter() {
        // interrupts the thread that reads the response
        exporter.shutdown();
        exporter = exporters.get();
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
