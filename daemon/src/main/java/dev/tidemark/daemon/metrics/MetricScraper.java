package dev.tidemark.daemon.metrics;

import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves the scrapes of `GET /metrics`. Reads the modules only then, so the data path has no overhead beyond their
/// counters. A module that cannot be read leaves out its metrics alone. The daemon creates and closes it; any thread
/// scrapes. Thread-safe.
public final class MetricScraper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricScraper.class);

    private final List<MetricSource> sources;
    private final PrometheusText text = new PrometheusText(this::page);
    private final JvmMeters jvm = JvmMeters.bindTo(text.meters());

    MetricScraper(List<MetricSource> sources) {
        this.sources = List.copyOf(sources);
    }

    /// Creates a scraper of all modules.
    public static MetricScraper of(MonitoredModules modules, ProblemCounts problems, Clock clock) {
        return new MetricScraper(modules.sources(problems, clock));
    }

    /// Returns all metrics in the Prometheus text format.
    public String scrape() {
        return text.scrape();
    }

    private MetricPage page() {
        var page = new MetricPage();
        for (var source : sources) {
            try {
                source.collect(page);
            } catch (RuntimeException e) {
                LOG.debug("Left out metrics of {}", source.getClass().getSimpleName(), e);
            }
        }
        return page;
    }

    @Override
    public void close() {
        jvm.close();
    }
}
