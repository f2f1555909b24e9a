package dev.tidemark.contract;

import dev.tidemark.tracing.EventTracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Tracer that records callbacks with their steps, and attempts to deliver. Thread-safe.
public final class RecordingEventTracer implements EventTracer {
    /// Value of the header of each delivery.
    public static final String TRACE_PARENT = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";

    private final List<EndedCallback> callbacks = new CopyOnWriteArrayList<>();
    private final List<EndedDelivery> deliveries = new CopyOnWriteArrayList<>();

    /// Callback with its steps and its result.
    public record EndedCallback(String mailbox, int events, List<String> steps, String result, boolean isRefused) {
        public EndedCallback {
            steps = List.copyOf(steps);
        }
    }

    /// Attempt with its result.
    public record EndedDelivery(DeliveryAttempt attempt, String result, boolean isDelivered) {}

    public List<EndedCallback> callbacks() {
        return List.copyOf(callbacks);
    }

    public List<EndedDelivery> deliveries() {
        return List.copyOf(deliveries);
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
                callbacks.add(new EndedCallback(mailbox, events, steps, result, isRefused));
            }
        };
    }

    @Override
    public DeliveryTrace delivery(DeliveryAttempt attempt) {
        return new DeliveryTrace() {
            @Override
            public boolean isOn() {
                return true;
            }

            @Override
            public Optional<String> traceParent() {
                return Optional.of(TRACE_PARENT);
            }

            @Override
            public void end(String result, boolean isDelivered) {
                deliveries.add(new EndedDelivery(attempt, result, isDelivered));
            }
        };
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public void exchangeRequest(String connection, String operation, String outcome, long nanos) {
        // only callbacks and deliveries are recorded
    }

    @Override
    public SpanCounts counts() {
        return new SpanCounts(0, 0);
    }

    @Override
    public void close() {
        // holds nothing
    }
}
