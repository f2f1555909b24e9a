package dev.tidemark.benchmarks.server;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// Outcomes of requests.
public final class LoadStats {
    private static final long MAX_LATENCY = 120_000_000_000L;

    private final Histogram latency = new Histogram(1_000, MAX_LATENCY, 3);
    private final Map<Integer, Long> refused = new TreeMap<>();
    private long acknowledged;
    private long nanos;

    void recordResponse(ResponseReader response, boolean ok, long latencyNanos) {
        if (ok) {
            acknowledged++;
        } else {
            refused.merge(response.status(), 1L, Long::sum);
        }
        latency.recordValue(Math.clamp(latencyNanos, 0, MAX_LATENCY));
    }

    void took(long more) {
        nanos += more;
    }

    public void add(LoadStats other) {
        latency.add(other.latency);
        other.refused.forEach((status, count) -> refused.merge(status, count, Long::sum));
        acknowledged += other.acknowledged;
        nanos += other.nanos;
    }

    public long acknowledged() {
        return acknowledged;
    }

    /// Returns the number of refused requests by status.
    public Map<Integer, Long> refused() {
        return refused;
    }

    public double perSecond() {
        return acknowledged * 1e9 / nanos;
    }

    public double millis(double percentile) {
        return latency.getValueAtPercentile(percentile) / 1e6;
    }

    public double slowestMillis() {
        return latency.getMaxValue() / 1e6;
    }
}
