package dev.tidemark.opentelemetry;

import dev.tidemark.opentelemetry.PresetIdGenerator.PresetIds;
import dev.tidemark.tracing.TraceParent;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Creates the spans of sampled traces. The root of an event's trace has ids that follow from the event's id, so a
/// later attempt to deliver, in any process, names it as its parent. Thread-safe.
final class EventSpanFactory {
    private final Tracer tracer;
    private final PresetIdGenerator ids;
    private final Sampler sampler;
    private final String instance;

    EventSpanFactory(Tracer tracer, PresetIdGenerator ids, Sampler sampler, String instance) {
        this.tracer = tracer;
        this.ids = ids;
        this.sampler = sampler;
        this.instance = instance;
    }

    /// Returns the root of the event's trace; empty if the trace is not sampled.
    Optional<TraceParent> sampledRoot(String eventId) {
        return Optional.of(TraceParent.rootOf(eventId)).filter(root -> isSampled(root.traceId()));
    }

    /// Returns a random root for a trace without an event; empty if its trace is not sampled.
    Optional<TraceParent> sampledRandomRoot() {
        return Optional.of(new TraceParent(ids.generateTraceId(), ids.generateSpanId(), false))
                .filter(root -> isSampled(root.traceId()));
    }

    private boolean isSampled(String traceId) {
        return sampler.shouldSample(Context.root(), traceId, "", SpanKind.INTERNAL, Attributes.empty(), List.of())
                        .getDecision()
                == SamplingDecision.RECORD_AND_SAMPLE;
    }

    /// Starts the root span of a trace.
    Span root(String name, SpanKind kind, TraceParent root, long startNanos) {
        var builder = builder(name, kind).setNoParent().setStartTimestamp(startNanos, TimeUnit.NANOSECONDS);
        return ids.with(new PresetIds(Optional.of(root.traceId()), Optional.of(root.spanId())), builder::startSpan);
    }

    /// Starts another span without parent in a trace whose root span does not exist.
    Span orphan(String name, SpanKind kind, TraceParent root, long startNanos) {
        var builder = builder(name, kind).setNoParent().setStartTimestamp(startNanos, TimeUnit.NANOSECONDS);
        return ids.with(new PresetIds(Optional.of(root.traceId()), Optional.empty()), builder::startSpan);
    }

    /// Starts a span below the root of its trace.
    Span child(String name, SpanKind kind, TraceParent root, long startNanos) {
        var parent = SpanContext.createFromRemoteParent(
                root.traceId(), root.spanId(), TraceFlags.getSampled(), TraceState.getDefault());
        return builder(name, kind)
                .setParent(Context.root().with(Span.wrap(parent)))
                .setStartTimestamp(startNanos, TimeUnit.NANOSECONDS)
                .startSpan();
    }

    private SpanBuilder builder(String name, SpanKind kind) {
        return tracer.spanBuilder(name).setSpanKind(kind).setAttribute("tidemark.instance", instance);
    }
}
