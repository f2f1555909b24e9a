package dev.tidemark.daemon.metrics;

import dev.tidemark.daemon.canary.CanaryMonitor.CanaryReading;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/// Metrics of the canary of each connection that has one.
record CanaryMetrics(Supplier<List<CanaryReading>> canaries) implements MetricSource {
    private static final double MILLIS_PER_SECOND = 1000.0;

    @Override
    public void collect(MetricPage page) {
        canaries.get().forEach(canary -> collect(page, canary));
    }

    private static void collect(MetricPage page, CanaryReading canary) {
        var labels = MetricLabels.of("connection", canary.connection());
        page.histogram(
                "canary_duration_seconds",
                "Times from saving a canary's message until its event was in the journal.",
                labels,
                canary.arrivals());
        canary.deliveries()
                .forEach((sink, durations) -> page.histogram(
                        "canary_delivery_duration_seconds",
                        "Times from saving a canary's message until the sink had its event, to the second.",
                        labels.and("sink", sink.value()),
                        durations));
        canary.rounds()
                .forEach((outcome, count) -> page.counter(
                        "canary_rounds", "Rounds of canaries by outcome.", labels.and("outcome", outcome), count));
        page.gauge(
                "canary_last_success_timestamp_seconds",
                "Time at which the newest event of a canary was in the journal; 0 before the first one.",
                labels,
                canary.lastSuccess().map(Instant::toEpochMilli).orElse(0L) / MILLIS_PER_SECOND);
        page.gauge(
                "canary_failing",
                "1 if the newest round of the canary failed.",
                labels,
                canary.failure().isPresent() ? 1 : 0);
    }
}
