package dev.tidemark.forwarder;

import dev.tidemark.tracing.EventTracer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Tracer that records the attempts to deliver. Thread-safe.
final class RecordingDeliveryTracer implements EventTracer {
    static final String TRACE_PARENT = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";

    private final List<EndedDelivery> deliveries = new CopyOnWriteArrayList<>();

    /// Attempt with its result.
    record EndedDelivery(DeliveryAttempt attempt, String result, boolean isDelivered) {}

    List<EndedDelivery> deliveries() {
        return List.copyOf(deliveries);
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
    public CallbackTrace callback(String mailbox, int events, long startedNanos) {
        return CallbackTrace.OFF;
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
