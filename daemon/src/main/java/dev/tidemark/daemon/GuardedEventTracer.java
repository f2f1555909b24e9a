package dev.tidemark.daemon;

import dev.tidemark.tracing.EventTracer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps failures of the tracer's module from callbacks and deliveries, because a failed trace must not repeat an
/// event.
/// Logs the first one. Thread-safe.
final class GuardedEventTracer implements EventTracer {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedEventTracer.class);

    private final EventTracer tracer;
    private final AtomicBoolean hasFailed = new AtomicBoolean();

    GuardedEventTracer(EventTracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public CallbackTrace callback(String mailbox, int events, long startedNanos) {
        return guard(() -> new GuardedCallbackTrace(tracer.callback(mailbox, events, startedNanos)), CallbackTrace.OFF);
    }

    @Override
    public DeliveryTrace delivery(DeliveryAttempt attempt) {
        return guard(() -> guarded(tracer.delivery(attempt)), DeliveryTrace.OFF);
    }

    private DeliveryTrace guarded(DeliveryTrace trace) {
        return trace.isOn() ? new GuardedDeliveryTrace(trace) : DeliveryTrace.OFF;
    }

    @Override
    public void exchangeRequest(String connection, String operation, String outcome, long nanos) {
        guard(() -> tracer.exchangeRequest(connection, operation, outcome, nanos));
    }

    @Override
    public SpanCounts counts() {
        return guard(tracer::counts, new SpanCounts(0, 0));
    }

    @Override
    public void close() {
        guard(tracer::close);
    }

    private void guard(Runnable action) {
        guard(
                () -> {
                    action.run();
                    return true;
                },
                false);
    }

    private <T> T guard(Supplier<T> action, T otherwise) {
        try {
            return action.get();
        } catch (RuntimeException | Error e) {
            if (hasFailed.compareAndSet(false, true)) {
                LOG.warn("A span failed, and further ones may; restart Tidemark if lib/opentelemetry has changed", e);
            }
            return otherwise;
        }
    }

    private final class GuardedCallbackTrace implements CallbackTrace {
        private final CallbackTrace trace;

        GuardedCallbackTrace(CallbackTrace trace) {
            this.trace = trace;
        }

        @Override
        public boolean isOn() {
            return true;
        }

        @Override
        public void commitStarted() {
            guard(trace::commitStarted);
        }

        @Override
        public void commitEnded() {
            guard(trace::commitEnded);
        }

        @Override
        public void addEvent(String eventId) {
            guard(() -> trace.addEvent(eventId));
        }

        @Override
        public void end(String result, boolean isRefused) {
            guard(() -> trace.end(result, isRefused));
        }
    }

    private final class GuardedDeliveryTrace implements DeliveryTrace {
        private final DeliveryTrace trace;

        GuardedDeliveryTrace(DeliveryTrace trace) {
            this.trace = trace;
        }

        @Override
        public boolean isOn() {
            return true;
        }

        @Override
        public Optional<String> traceParent() {
            return guard(trace::traceParent, Optional.empty());
        }

        @Override
        public void end(String result, boolean isDelivered) {
            guard(() -> trace.end(result, isDelivered));
        }
    }
}
