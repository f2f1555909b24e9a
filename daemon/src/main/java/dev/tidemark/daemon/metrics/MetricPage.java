package dev.tidemark.daemon.metrics;

import dev.tidemark.daemon.metrics.MetricFamily.Sample;
import dev.tidemark.values.DurationHistogram;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Collects the samples of one scrape by metric. Not thread-safe; used by the thread of the scrape.
final class MetricPage {
    private static final String PREFIX = "tidemark_";

    private final Map<String, MetricFamily> families = new LinkedHashMap<>();

    /// Adds a sample of a counter; the text format appends `_total` to the name.
    void counter(String name, String help, MetricLabels labels, Number value) {
        var family = families.computeIfAbsent(
                PREFIX + name, full -> new MetricFamily.Counters(full, help, new ArrayList<>()));
        if (family instanceof MetricFamily.Counters counters) {
            counters.samples().add(new Sample<>(labels, value.doubleValue()));
        }
    }

    void gauge(String name, String help, MetricLabels labels, Number value) {
        var family =
                families.computeIfAbsent(PREFIX + name, full -> new MetricFamily.Gauges(full, help, new ArrayList<>()));
        if (family instanceof MetricFamily.Gauges gauges) {
            gauges.samples().add(new Sample<>(labels, value.doubleValue()));
        }
    }

    void gauge(String name, String help, Number value) {
        gauge(name, help, MetricLabels.NONE, value);
    }

    void counter(String name, String help, Number value) {
        counter(name, help, MetricLabels.NONE, value);
    }

    void histogram(String name, String help, MetricLabels labels, DurationHistogram.Reading value) {
        var family = families.computeIfAbsent(
                PREFIX + name, full -> new MetricFamily.Histograms(full, help, new ArrayList<>()));
        if (family instanceof MetricFamily.Histograms histograms) {
            histograms.samples().add(new Sample<>(labels, value));
        }
    }

    /// Adds constant facts; the text format appends `_info` to the name.
    void facts(String name, String help, MetricLabels labels) {
        families.put(PREFIX + name, new MetricFamily.Facts(PREFIX + name, help, labels));
    }

    Collection<MetricFamily> families() {
        return List.copyOf(families.values());
    }
}
