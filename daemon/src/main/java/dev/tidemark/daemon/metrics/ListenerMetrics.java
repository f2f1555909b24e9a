package dev.tidemark.daemon.metrics;

import dev.tidemark.listener.ListenerCounters;
import java.util.function.Supplier;

/// Metrics of the callbacks.
record ListenerMetrics(Supplier<ListenerCounters> counters) implements MetricSource {
    private static final String CALLBACKS = "callbacks";
    private static final String CALLBACKS_HELP =
            "Requests to the listener by result: acknowledged, unsubscribed, or the reason of the rejection.";

    @Override
    public void collect(MetricPage page) {
        var now = counters.get();
        page.counter(CALLBACKS, CALLBACKS_HELP, MetricLabels.of("result", "acknowledged"), now.acknowledged());
        page.counter(CALLBACKS, CALLBACKS_HELP, MetricLabels.of("result", "unsubscribed"), now.unsubscribed());
        now.refused()
                .forEach((reason, count) ->
                        page.counter(CALLBACKS, CALLBACKS_HELP, MetricLabels.of("result", reason), count));
        page.histogram(
                "acknowledgement_duration_seconds",
                "Durations from the head of a callback to its response, without rejected ones.",
                MetricLabels.NONE,
                now.acknowledgements());
        page.counter("events_duplicate", "Events of callbacks that were in the journal already.", now.duplicates());
        page.counter("heartbeats", "Callbacks that held a heartbeat only.", now.heartbeats());
        page.counter("gaps", "Gaps in the chains of notifications.", now.gaps());
        page.counter("subscriptions_ended", "Subscriptions that Exchange reported as ended.", now.ended());
        page.counter("batches", "Batches of callbacks that were handed to the store.", now.batches());
        page.counter("store_failures", "Batches of callbacks that the store could not write.", now.storeFailures());
        page.counter("listener_faults", "Unexpected errors of the listener; the log has them.", now.faults());
        page.gauge("listener_connections", "Open connections of the listener.", now.connections());
        page.gauge("callbacks_under_way", "Callbacks in flight, from the head to the response.", now.inFlight());
    }
}
