package dev.tidemark.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.tracing.EventTracer.CallbackTrace;
import dev.tidemark.tracing.EventTracer.DeliveryAttempt;
import dev.tidemark.tracing.EventTracer.DeliveryTrace;
import dev.tidemark.tracing.EventTracer.SpanCounts;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Tests the tracer that is off, and the search for the module where it is not installed.
final class EventTracerTest {
    private static final int CALLS = 100_000;
    private static final DeliveryAttempt ATTEMPT = new DeliveryAttempt("crm", 1, List.of());

    @Test
    void a_tracer_that_is_off_records_nothing() {
        try (var off = EventTracer.OFF) {
            assertThat(off.isOn()).isFalse();
            off.exchangeRequest("onprem", "Subscribe", "success", 1);
            assertThat(off.counts()).isEqualTo(new SpanCounts(0, 0));
        }
    }

    @Test
    void its_callbacks_and_deliveries_are_shared_objects() {
        var callback = EventTracer.OFF.callback("mbx_1", 1, 0);
        assertThat(callback).isSameAs(CallbackTrace.OFF);
        assertThat(callback.isOn()).isFalse();
        var delivery = EventTracer.OFF.delivery(ATTEMPT);
        assertThat(delivery).isSameAs(DeliveryTrace.OFF);
        assertThat(delivery.traceParent()).isEmpty();
    }

    @Test
    void its_calls_allocate_nothing() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        useOnce(EventTracer.OFF);
        var before = threads.getCurrentThreadAllocatedBytes();
        for (var i = 0; i < CALLS; i++) {
            useOnce(EventTracer.OFF);
        }
        // less than one byte per call
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(CALLS);
    }

    private static void useOnce(EventTracer tracer) {
        var callback = tracer.callback("mbx_1", 1, 0);
        callback.commitStarted();
        callback.commitEnded();
        callback.end("stored", false);
        var delivery = tracer.delivery(ATTEMPT);
        delivery.traceParent();
        delivery.end("accepted", true);
        tracer.exchangeRequest("onprem", "Subscribe", "success", 1);
    }

    @Test
    void no_factory_is_found_where_none_is_installed() {
        assertThat(TracerFactory.installed()).isEmpty();
    }
}
