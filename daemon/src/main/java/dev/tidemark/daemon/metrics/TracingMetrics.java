package dev.tidemark.daemon.metrics;

import dev.tidemark.tracing.EventTracer;

/// Metrics of traces; zero while they are off.
record TracingMetrics(EventTracer tracer) implements MetricSource {
    private static final String NAME = "trace_spans";
    private static final String HELP =
            "Spans by outcome: exported to the collector, or lost because it did not accept them in time.";

    @Override
    public void collect(MetricPage page) {
        var counts = tracer.counts();
        page.counter(NAME, HELP, MetricLabels.of("outcome", "exported"), counts.exported());
        page.counter(NAME, HELP, MetricLabels.of("outcome", "lost"), counts.lost());
    }
}
