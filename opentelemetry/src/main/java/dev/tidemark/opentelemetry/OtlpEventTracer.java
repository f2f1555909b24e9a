package dev.tidemark.opentelemetry;

import dev.tidemark.tracing.EventTracer;
import dev.tidemark.tracing.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Records sampled traces and passes them to the collector on another thread. Thread-safe.
final class OtlpEventTracer implements EventTracer {
    /// Limit of the export at the stop, within the time that the daemon has.
    private static final Duration STOP = Duration.ofSeconds(2);

    private static final String SUCCESS = "success";

    private final EventSpanFactory spans;
    private final SdkTracerProvider provider;
    private final SpanMeter meter;
    private final Clock clock;

    OtlpEventTracer(EventSpanFactory spans, SdkTracerProvider provider, SpanMeter meter, Clock clock) {
        this.spans = spans;
        this.provider = provider;
        this.meter = meter;
        this.clock = clock;
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public CallbackTrace callback(String mailbox, int events, long startedNanos) {
        return new CallbackSpans(spans, clock, mailbox, events, startedNanos);
    }

    @Override
    public DeliveryTrace delivery(DeliveryAttempt attempt) {
        var started = EpochClock.read(clock).epochNanos();
        var sampled = attempt.events().stream()
                .flatMap(event -> start(attempt, event, started))
                .toList();
        return sampled.isEmpty() ? DeliveryTrace.OFF : new DeliverySpans(sampled, clock);
    }

    private Stream<Span> start(DeliveryAttempt attempt, TracedEvent event, long started) {
        return spans
                .sampledRoot(event.id())
                .map(root -> start(event, root, started)
                        .setAttribute("tidemark.event", event.id())
                        .setAttribute("tidemark.sink", attempt.sink())
                        .setAttribute("tidemark.attempt", attempt.attempt())
                        .setAttribute("tidemark.events", attempt.events().size()))
                .stream();
    }

    /// Names the callback as the parent if there was one.
    private Span start(TracedEvent event, TraceParent root, long started) {
        var span = event.isPushed()
                ? spans.child("deliver", SpanKind.CLIENT, root, started)
                : spans.orphan("deliver", SpanKind.CLIENT, root, started);
        event.mailbox().ifPresent(id -> span.setAttribute("tidemark.mailbox", id));
        return span;
    }

    @Override
    public void exchangeRequest(String connection, String operation, String outcome, long nanos) {
        spans.sampledRandomRoot().ifPresent(root -> {
            var now = EpochClock.read(clock).epochNanos();
            var span = spans.root(operation, SpanKind.CLIENT, root, now - nanos);
            span.setAttribute("tidemark.connection", connection);
            span.setAttribute("tidemark.result", outcome);
            if (!outcome.equals(SUCCESS)) {
                span.setStatus(StatusCode.ERROR, outcome);
            }
            span.end(now, TimeUnit.NANOSECONDS);
        });
    }

    @Override
    public SpanCounts counts() {
        return meter.counts();
    }

    @Override
    public void close() {
        provider.shutdown().join(STOP.toMillis(), TimeUnit.MILLISECONDS);
    }
}
