package dev.tidemark.opentelemetry;

import dev.tidemark.tracing.EventTracer.CallbackTrace;
import dev.tidemark.tracing.TraceParent;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Spans of one callback, created after its response was sent. Each sampled event has the callback in its trace. Not
/// thread-safe; passed from thread to thread.
final class CallbackSpans implements CallbackTrace {
    private final EventSpanFactory spans;
    private final Clock clock;
    private final String mailbox;
    private final int events;
    private final long startedNanos;
    private final Set<String> newEvents = new LinkedHashSet<>();
    private Optional<Long> commitStarted = Optional.empty();
    private Optional<Long> commitEnded = Optional.empty();

    CallbackSpans(EventSpanFactory spans, Clock clock, String mailbox, int events, long startedNanos) {
        this.spans = spans;
        this.clock = clock;
        this.mailbox = mailbox;
        this.events = events;
        this.startedNanos = startedNanos;
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public void commitStarted() {
        commitStarted = Optional.of(System.nanoTime());
    }

    @Override
    public void commitEnded() {
        commitEnded = Optional.of(System.nanoTime());
    }

    @Override
    public void addEvent(String eventId) {
        newEvents.add(eventId);
    }

    @Override
    public void end(String result, boolean isRefused) {
        var now = EpochClock.read(clock);
        roots(isRefused).forEach(root -> export(root, result, isRefused, now));
    }

    /// Returns the roots of the sampled traces. A refused callback has no event yet, since Exchange repeats it.
    private Stream<TraceParent> roots(boolean isRefused) {
        return isRefused
                ? spans.sampledRandomRoot().stream()
                : newEvents.stream().flatMap(id -> spans.sampledRoot(id).stream());
    }

    private void export(TraceParent root, String result, boolean isRefused, EpochClock now) {
        var callback = spans.root("callback", SpanKind.SERVER, root, now.at(startedNanos));
        callback.setAttribute("tidemark.mailbox", mailbox);
        callback.setAttribute("tidemark.events", events);
        callback.setAttribute("tidemark.result", result);
        if (isRefused) {
            callback.setStatus(StatusCode.ERROR, result);
        }
        commitStarted.ifPresent(started -> spans.child("commit", SpanKind.INTERNAL, root, now.at(started))
                .end(now.at(commitEnded.orElse(now.nanos())), TimeUnit.NANOSECONDS));
        callback.end(now.epochNanos(), TimeUnit.NANOSECONDS);
    }
}
