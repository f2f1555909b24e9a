package dev.tidemark.listener;

import dev.tidemark.tracing.EventTracer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Tracer that records callbacks and their steps. Thread-safe.
final class RecordingCallbackTracer implements EventTracer {
    private final List<EndedCallback> callbacks = new CopyOnWriteArrayList<>();

    /// Callback with its steps and its result.
    record EndedCallback(String mailbox, int events, List<String> steps, String result, boolean isRefused) {}

    List<EndedCallback> callbacks() {
        return List.copyOf(callbacks);
    }

    @Override
    public CallbackTrace callback(String mailbox, int events, long startedNanos) {
        var steps = new ArrayList<String>();
        return new CallbackTrace() {
            @Override
            public boolean isOn() {
                return true;
            }

            @Override
            public void commitStarted() {
                steps.add("commit started");
            }

            @Override
            public void commitEnded() {
                steps.add("commit ended");
            }

            @Override
            public void addEvent(String eventId) {
                steps.add(eventId);
            }

            @Override
            public void end(String result, boolean isRefused) {
                callbacks.add(new EndedCallback(mailbox, events, List.copyOf(steps), result, isRefused));
            }
        };
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public DeliveryTrace delivery(DeliveryAttempt attempt) {
        return DeliveryTrace.OFF;
    }

    @Override
    public void exchangeRequest(String connection, String operation, String outcome, long nanos) {}

    @Override
    public SpanCounts counts() {
        return new SpanCounts(0, 0);
    }

    @Override
    public void close() {}
}
