package dev.tidemark.daemon.metrics;

/// Reads the metrics of one module. [MetricScraper] calls it at each scrape, on the thread of the request.
/// Implementations are thread-safe and add the same metrics each time, with the current samples.
@FunctionalInterface
interface MetricSource {
    void collect(MetricPage page);
}
