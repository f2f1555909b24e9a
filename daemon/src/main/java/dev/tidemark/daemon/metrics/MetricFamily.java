package dev.tidemark.daemon.metrics;

import dev.tidemark.values.DurationHistogram;
import java.util.List;

/// Metric of one scrape with its samples. The name has the prefix, but not the suffix of its type; the help is one
/// sentence.
sealed interface MetricFamily {
    String name();

    String help();

    record Sample<T>(MetricLabels labels, T value) {}

    record Counters(String name, String help, List<Sample<Double>> samples) implements MetricFamily {}

    record Gauges(String name, String help, List<Sample<Double>> samples) implements MetricFamily {}

    record Histograms(String name, String help, List<Sample<DurationHistogram.Reading>> samples)
            implements MetricFamily {}

    /// Constant facts, as labels of a sample with the value 1.
    record Facts(String name, String help, MetricLabels labels) implements MetricFamily {}
}
