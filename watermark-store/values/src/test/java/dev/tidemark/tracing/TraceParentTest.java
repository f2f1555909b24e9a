package dev.tidemark.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TraceParentTest {
    private static final String EVENT = "evt_0hzx9t7q2m4k8v1n3b5c6d7e8f";

    /// Receivers connect the attempts of an event by it, also across an upgrade.
    @Test
    void the_trace_of_an_event_never_changes() {
        assertThat(TraceParent.rootOf(EVENT).header())
                .isEqualTo("00-ec5615ea6d30c5a7a89e57147df64e20-2f0a642c7c3c2234-00");
    }

    @Test
    void another_span_stays_in_the_trace() {
        var other = TraceParent.rootOf(EVENT).withSpan("00f067aa0ba902b7");
        assertThat(other.traceId()).isEqualTo(TraceParent.rootOf(EVENT).traceId());
        assertThat(other.header()).endsWith("-00f067aa0ba902b7-00");
    }

    @Test
    void a_sampled_span_has_its_flag() {
        assertThat(new TraceParent("0af7651916cd43dd8448eb211c80319c", "00f067aa0ba902b7", true).header())
                .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01");
    }
}
