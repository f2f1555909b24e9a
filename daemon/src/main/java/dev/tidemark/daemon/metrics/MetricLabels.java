package dev.tidemark.daemon.metrics;

import java.util.ArrayList;
import java.util.List;

/// Labels of a sample, in a fixed order.
record MetricLabels(List<String> names, List<String> values) {
    static final MetricLabels NONE = new MetricLabels(List.of(), List.of());

    MetricLabels {
        names = List.copyOf(names);
        values = List.copyOf(values);
    }

    static MetricLabels of(String name, String value) {
        return NONE.and(name, value);
    }

    MetricLabels and(String name, String value) {
        var allNames = new ArrayList<>(names);
        allNames.add(name);
        var allValues = new ArrayList<>(values);
        allValues.add(value);
        return new MetricLabels(allNames, allValues);
    }
}
