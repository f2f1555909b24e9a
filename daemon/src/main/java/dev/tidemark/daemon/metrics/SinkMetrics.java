package dev.tidemark.daemon.metrics;

import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.operator.SinkCounters;
import dev.tidemark.forwarder.operator.SinkView;
import dev.tidemark.store.DeliveryStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// Metrics of each sink: its deliveries, state and backlog.
record SinkMetrics(EventForwarder forwarder, DeliveryStore deliveries, Clock clock) implements MetricSource {
    private static final List<String> STATES = List.of("active", "held", "disabled", "refused");
    private static final String DELIVERIES = "deliveries";
    private static final String DELIVERIES_HELP =
            "Deliveries of events by outcome: delivered, failed (tried again), dead-letter, expired, or forgotten with"
                    + " its mailbox.";

    @Override
    public void collect(MetricPage page) {
        forwarder
                .counters()
                .forEach((sink, counters) -> collectDeliveries(page, MetricLabels.of("sink", sink.value()), counters));
        forwarder
                .sinks()
                .forEach(sink ->
                        collectState(page, MetricLabels.of("sink", sink.name().value()), sink));
        // last, because a failed query leaves out what follows
        collectDeadLetters(page);
    }

    private static void collectDeliveries(MetricPage page, MetricLabels labels, SinkCounters counters) {
        page.counter(DELIVERIES, DELIVERIES_HELP, labels.and("outcome", "delivered"), counters.delivered());
        page.counter(DELIVERIES, DELIVERIES_HELP, labels.and("outcome", "failed"), counters.failed());
        page.counter(DELIVERIES, DELIVERIES_HELP, labels.and("outcome", "dead-letter"), counters.deadLetters());
        page.counter(DELIVERIES, DELIVERIES_HELP, labels.and("outcome", "expired"), counters.expired());
        page.counter(DELIVERIES, DELIVERIES_HELP, labels.and("outcome", "forgotten"), counters.forgotten());
        page.counter("sink_requests", "Requests to the sink, without test events.", labels, counters.attempts());
        page.histogram(
                "delivery_lag_seconds",
                "Durations from the recording of an event to its delivery, without replays.",
                labels,
                counters.lag());
        page.histogram("delivery_duration_seconds", "Durations of requests to the sink.", labels, counters.requests());
    }

    private void collectDeadLetters(MetricPage page) {
        var letters = deliveries.deadLetterCounts();
        forwarder
                .counters()
                .keySet()
                .forEach(sink -> page.gauge(
                        "dead_letters",
                        "Events that the sink rejected for good.",
                        MetricLabels.of("sink", sink.value()),
                        letters.getOrDefault(sink, 0L)));
    }

    private void collectState(MetricPage page, MetricLabels labels, SinkView sink) {
        for (var state : STATES) {
            page.gauge(
                    "sink_state",
                    "1 for the current state of the sink.",
                    labels.and("state", state),
                    sink.state().equals(state) ? 1 : 0);
        }
        page.gauge("sink_backlog_events", "Events that the sink still has to receive.", labels, sink.backlog());
        page.gauge(
                "sink_oldest_undelivered_seconds",
                "Age of the oldest event that the sink still has to receive; 0 without one.",
                labels,
                sink.oldestUndeliveredAt()
                        .map(oldest -> Math.max(
                                0, Duration.between(oldest, clock.instant()).toSeconds()))
                        .orElse(0L));
    }
}
