package dev.tidemark.daemon.metrics;

import dev.tidemark.store.WatermarkStore;
import java.time.Duration;
import java.util.Map;

/// Metrics of the store: its disk, its journal and its commits.
record StoreMetrics(WatermarkStore store, Limits limits) implements MetricSource {
    /// Configured limits, for alerts that compare a metric with them.
    ///
    /// @param minFree bytes below which callbacks get 503
    /// @param maxUndelivered age at which an undelivered event expires
    public record Limits(long minFree, Duration maxUndelivered) {}

    @Override
    public void collect(MetricPage page) {
        var intake = store.intake();
        page.gauge("store_accepting", "1 while the store accepts callbacks.", intake.accepting() ? 1 : 0);
        intake.freeBytes().ifPresent(free -> {
            page.gauge("disk_free_bytes", "Free space on the store's disk.", free);
            page.gauge(
                    "disk_min_free_bytes",
                    "Free space below which callbacks get 503 (store.min-free).",
                    limits.minFree());
        });
        page.gauge(
                "max_undelivered_seconds",
                "Age at which an undelivered event expires (store.max-undelivered).",
                limits.maxUndelivered().toSeconds());
        collectStatistics(page);
        page.gauge(
                "journal_end",
                "Position of the newest event in the journal.",
                store.journal().end().value());
        collectDetails(page);
    }

    private void collectStatistics(MetricPage page) {
        var statistics = store.statistics();
        page.histogram(
                "store_sync_duration_seconds",
                "Durations of writes that were forced to stable storage.",
                MetricLabels.NONE,
                statistics.syncs());
        page.gauge("store_log_bytes", "Size of the store's log; 0 on PostgreSQL.", statistics.logBytes());
        statistics
                .journaled()
                .forEach((origin, count) -> page.counter(
                        "journal_events",
                        "Events added to the journal, by their origin.",
                        MetricLabels.of("origin", origin),
                        count));
        statistics
                .callbacksByServer()
                .forEach((server, count) -> page.counter(
                        "callbacks_by_server",
                        "Callbacks of live subscriptions, by the server that the subscription id names.",
                        MetricLabels.of("server", server),
                        count));
    }

    private void collectDetails(MetricPage page) {
        var counters = store.details().counters();
        Map.of(
                        "found", counters.found(),
                        "not-found", counters.notFound(),
                        "unavailable", counters.unavailable())
                .forEach((outcome, count) -> page.counter(
                        "details",
                        "Events whose item was fetched, by the outcome.",
                        MetricLabels.of("outcome", outcome),
                        count));
    }
}
