package dev.tidemark.daemon.activity;

import dev.tidemark.daemon.activity.ActivityReading.SinkReading;
import dev.tidemark.values.DurationHistogram;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Activity between two readings. Immutable.
record ActivitySample(
        Instant from,
        Instant to,
        long received,
        long journaled,
        DurationHistogram.Reading acknowledgements,
        Map<String, SinkReading> sinks) {
    private static final double MEDIAN = 0.5;
    private static final double SLOWEST = 0.99;

    static ActivitySample between(ActivityReading earlier, ActivityReading later) {
        var sinks = new TreeMap<String, SinkReading>();
        later.sinks()
                .forEach((name, now) -> sinks.put(
                        name,
                        Optional.ofNullable(earlier.sinks().get(name))
                                .map(now::since)
                                .orElse(now)));
        return new ActivitySample(
                earlier.at(),
                later.at(),
                Math.max(0, later.received() - earlier.received()),
                Math.max(0, later.journaled() - earlier.journaled()),
                later.acknowledgements().since(earlier.acknowledgements()),
                sinks);
    }

    /// Returns the fields of the JSON object.
    Map<String, Object> tree() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("from", from);
        tree.put("to", to);
        tree.put("received", received);
        tree.put("journalled", journaled);
        tree.put(
                "delivered",
                sinks.values().stream().mapToLong(SinkReading::delivered).sum());
        tree.put("acknowledgementSeconds", quantiles(acknowledgements));
        tree.put(
                "deliverySeconds",
                sinks.values().stream()
                        .map(SinkReading::lag)
                        .reduce(DurationHistogram.Reading::plus)
                        .flatMap(ActivitySample::quantiles));
        tree.put(
                "sinks",
                sinks.entrySet().stream()
                        .map(each -> tree(each.getKey(), each.getValue()))
                        .toList());
        return tree;
    }

    private static Map<String, Object> tree(String name, SinkReading sink) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("name", name);
        tree.put("delivered", sink.delivered());
        tree.put("deliverySeconds", quantiles(sink.lag()));
        return tree;
    }

    /// Returns the median and the 99th percentile in seconds; empty without a duration.
    private static Optional<Map<String, Object>> quantiles(DurationHistogram.Reading durations) {
        var median = durations.quantile(MEDIAN);
        var slowest = durations.quantile(SLOWEST);
        return median.isPresent() && slowest.isPresent()
                ? Optional.of(Map.of("p50", median.getAsDouble(), "p99", slowest.getAsDouble()))
                : Optional.empty();
    }
}
