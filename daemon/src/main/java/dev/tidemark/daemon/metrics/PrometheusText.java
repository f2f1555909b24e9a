package dev.tidemark.daemon.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Writes metrics in the Prometheus text format, those of the JVM by Micrometer among them. No other class knows the
/// types of Prometheus. Thread-safe.
final class PrometheusText {
    private final PrometheusMeterRegistry registry;

    /// @param families metrics of the modules, read at each scrape
    PrometheusText(Supplier<MetricPage> families) {
        var prometheus = new PrometheusRegistry();
        prometheus.register(new PageCollector(families));
        registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, prometheus, Clock.SYSTEM);
        // the names of these two break the conventions of Prometheus, and others have the same content
        registry.config()
                .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
                .meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
    }

    /// Returns the registry for meters of the JVM.
    MeterRegistry meters() {
        return registry;
    }

    String scrape() {
        return registry.scrape();
    }

    private record PageCollector(Supplier<MetricPage> pages) implements MultiCollector {
        @Override
        public MetricSnapshots collect() {
            return new MetricSnapshots(
                    pages.get().families().stream().map(PageCollector::snapshot).toList());
        }

        private static MetricSnapshot snapshot(MetricFamily family) {
            var metadata = new MetricMetadata(family.name(), family.help());
            return switch (family) {
                case MetricFamily.Counters counters ->
                    new CounterSnapshot(
                            metadata,
                            counters.samples().stream()
                                    .map(each -> CounterDataPointSnapshot.builder()
                                            .labels(labels(each.labels()))
                                            .value(each.value())
                                            .build())
                                    .toList());
                case MetricFamily.Gauges gauges ->
                    new GaugeSnapshot(
                            metadata,
                            gauges.samples().stream()
                                    .map(each -> GaugeDataPointSnapshot.builder()
                                            .labels(labels(each.labels()))
                                            .value(each.value())
                                            .build())
                                    .toList());
                case MetricFamily.Histograms histograms ->
                    new HistogramSnapshot(
                            metadata,
                            histograms.samples().stream()
                                    .map(each -> new HistogramDataPointSnapshot(
                                            buckets(
                                                    each.value().limits(),
                                                    each.value().counts()),
                                            each.value().seconds(),
                                            labels(each.labels()),
                                            Exemplars.EMPTY,
                                            0))
                                    .toList());
                case MetricFamily.Facts facts ->
                    new InfoSnapshot(metadata, List.of(new InfoDataPointSnapshot(labels(facts.labels()))));
            };
        }

        private static Labels labels(MetricLabels labels) {
            return Labels.of(labels.names(), labels.values());
        }

        private static ClassicHistogramBuckets buckets(List<Double> limits, List<Long> counts) {
            var all = new ArrayList<>(limits);
            all.add(Double.POSITIVE_INFINITY);
            return ClassicHistogramBuckets.of(all, counts);
        }
    }
}
