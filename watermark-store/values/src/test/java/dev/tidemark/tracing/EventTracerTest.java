package dev.tidemark.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.tracing.EventTracer.CallbackTrace;
import dev.tidemark.tracing.EventTracer.DeliveryAttempt;
import dev.tidemark.tracing.EventTracer.DeliveryTrace;
import dev.tidemark.tracing.EventTracer.SpanCounts;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Tests the tracer that is off, and the search for the module where it is not installed.
final class EventTracerTest {
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
        var delivery = EventTracer.OFF.delivery(new DeliveryAttempt("crm", 1, List.of()));
        assertThat(delivery).isSameAs(DeliveryTrace.OFF);
        assertThat(delivery.traceParent()).isEmpty();
    }

    @Test
    void no_factory_is_found_where_none_is_installed() {
        assertThat(TracerFactory.installed()).isEmpty();
    }
}
