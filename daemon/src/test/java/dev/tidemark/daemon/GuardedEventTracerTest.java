package dev.tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tidemark.tracing.EventTracer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GuardedEventTracerTest {
    private static final EventTracer.DeliveryAttempt ATTEMPT = new EventTracer.DeliveryAttempt("crm", 1, List.of());

    /// Tracer whose every call fails as if its module had changed.
    private record FailingTracer() implements EventTracer, EventTracer.CallbackTrace, EventTracer.DeliveryTrace {
        private static LinkageError failure() {
            return new NoClassDefFoundError("io/opentelemetry/api/trace/Span");
        }

        @Override
        public boolean isOn() {
            return true;
        }

        @Override
        public CallbackTrace callback(String mailbox, int events, long startedNanos) {
            if (events == 0) {
                throw failure();
            }
            return this;
        }

        @Override
        public DeliveryTrace delivery(DeliveryAttempt attempt) {
            return this;
        }

        @Override
        public void exchangeRequest(String connection, String operation, String outcome, long nanos) {
            throw failure();
        }

        @Override
        public SpanCounts counts() {
            throw failure();
        }

        @Override
        public void close() {
            throw failure();
        }

        @Override
        public void commitStarted() {
            throw failure();
        }

        @Override
        public void commitEnded() {
            throw failure();
        }

        @Override
        public void addEvent(String eventId) {
            throw failure();
        }

        @Override
        public void end(String result, boolean isRefused) {
            throw failure();
        }

        @Override
        public Optional<String> traceParent() {
            throw failure();
        }
    }

    private final GuardedEventTracer tracer = new GuardedEventTracer(new FailingTracer());

    @Test
    void a_callback_that_cannot_be_traced_is_processed() {
        assertThat(tracer.callback("mbx_1", 0, 0).isOn()).isFalse();
        var trace = tracer.callback("mbx_1", 1, 0);
        assertThatCode(() -> {
                    trace.commitStarted();
                    trace.addEvent("evt_1");
                    trace.commitEnded();
                    trace.end("stored", false);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void a_delivery_that_cannot_be_traced_is_sent_without_a_parent() {
        var trace = tracer.delivery(ATTEMPT);
        assertThat(trace.traceParent()).isEmpty();
        assertThatCode(() -> trace.end("200", true)).doesNotThrowAnyException();
    }

    @Test
    void requests_counts_and_the_stop_do_not_fail_either() {
        assertThatCode(() -> tracer.exchangeRequest("lab", "Subscribe", "success", 1))
                .doesNotThrowAnyException();
        assertThat(tracer.counts()).isEqualTo(new EventTracer.SpanCounts(0, 0));
        assertThatCode(tracer::close).doesNotThrowAnyException();
    }
}
