package dev.tidemark.opentelemetry;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;

/// Drops and counts spans above the limit of [SpanMeter], so that the queue behind it never drops one uncounted.
/// Thread-safe.
final class BoundedSpanProcessor implements SpanProcessor {
    private final SpanProcessor batches;
    private final SpanMeter meter;

    BoundedSpanProcessor(SpanProcessor batches, SpanMeter meter) {
        this.batches = batches;
        this.meter = meter;
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        batches.onStart(parent, span);
    }

    @Override
    public boolean isStartRequired() {
        return batches.isStartRequired();
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (meter.admit()) {
            batches.onEnd(span);
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    @Override
    public CompletableResultCode shutdown() {
        return batches.shutdown();
    }

    @Override
    public CompletableResultCode forceFlush() {
        return batches.forceFlush();
    }
}
