package dev.tidemark.tracing;

/// Tracer without effect. Stateless.
final class NoEventTracer implements EventTracer {
    @Override
    public boolean isOn() {
        return false;
    }

    @Override
    public CallbackTrace callback(String mailbox, int events, long startedNanos) {
        return CallbackTrace.OFF;
    }

    @Override
    public DeliveryTrace delivery(DeliveryAttempt attempt) {
        return DeliveryTrace.OFF;
    }

    @Override
    public void exchangeRequest(String connection, String operation, String outcome, long nanos) {
        // records nothing
    }

    @Override
    public SpanCounts counts() {
        return SpanCounts.NONE;
    }

    @Override
    public void close() {
        // holds nothing
    }
}
