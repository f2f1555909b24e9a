package dev.tidemark.daemon.metrics;

import dev.tidemark.ews.EwsRequestObserver;
import dev.tidemark.tracing.EventTracer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/// Counts and times the requests of all connections. Created before the clients, which report to it. Thread-safe.
public final class EwsRequestMeters implements MetricSource {
    private final Map<String, EwsRequestMeter> byConnection = new ConcurrentSkipListMap<>();
    private final EventTracer tracer;

    /// @param tracer records each request
    EwsRequestMeters(EventTracer tracer) {
        this.tracer = tracer;
    }

    /// Returns the observer of a connection; later clients of the connection continue its counters.
    public EwsRequestObserver of(String connection) {
        var meter = byConnection.computeIfAbsent(connection, ignored -> new EwsRequestMeter());
        return tracer.isOn() ? new TracedRequestObserver(connection, meter, tracer) : meter;
    }

    /// Drops the counters of connections that are no longer configured.
    public void retain(Set<String> connections) {
        byConnection.keySet().retainAll(connections);
    }

    @Override
    public void collect(MetricPage page) {
        byConnection.forEach((connection, meter) -> meter.collect(page, connection));
    }
}
