package dev.tidemark.opentelemetry;

import dev.tidemark.tracing.EventTracer.DeliveryTrace;
import dev.tidemark.tracing.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Spans of one attempt to deliver: one for each sampled event of the request. Not thread-safe; used by the thread of
/// the request.
///
/// @param spans at least one span
record DeliverySpans(List<Span> spans, Clock clock) implements DeliveryTrace {
    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public Optional<String> traceParent() {
        var context = spans.getFirst().getSpanContext();
        return Optional.of(new TraceParent(context.getTraceId(), context.getSpanId(), true).header());
    }

    @Override
    public void end(String result, boolean isDelivered) {
        var now = EpochClock.read(clock).epochNanos();
        for (var span : spans) {
            span.setAttribute("tidemark.result", result);
            if (!isDelivered) {
                span.setStatus(StatusCode.ERROR, result);
            }
            span.end(now, TimeUnit.NANOSECONDS);
        }
    }
}
