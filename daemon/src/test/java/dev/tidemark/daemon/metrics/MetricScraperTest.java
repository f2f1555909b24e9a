package dev.tidemark.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.values.DurationHistogram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MetricScraperTest {
    private static String scrape(MetricSource... sources) {
        try (var scraper = new MetricScraper(List.of(sources))) {
            return scraper.scrape();
        }
    }

    @Test
    void leaves_out_only_the_source_that_cannot_be_read() {
        var text = scrape(
                page -> page.gauge("one", "The first.", 1),
                page -> {
                    throw new IllegalStateException("the store is closed");
                },
                page -> page.gauge("three", "The third.", 3));

        assertThat(text).contains("tidemark_one 1.0", "tidemark_three 3.0");
    }

    @Test
    void adds_up_the_buckets_of_a_histogram() {
        var histogram = DurationHistogram.of(Duration.ofSeconds(1), Duration.ofSeconds(2));
        histogram.record(Duration.ofMillis(500));
        histogram.record(Duration.ofMillis(1500));
        histogram.record(Duration.ofMillis(2500));

        assertThat(scrape(page -> page.histogram("lag_seconds", "A lag.", MetricLabels.NONE, histogram.reading())))
                .contains(
                        "tidemark_lag_seconds_bucket{le=\"1.0\"} 1",
                        "tidemark_lag_seconds_bucket{le=\"2.0\"} 2",
                        "tidemark_lag_seconds_bucket{le=\"+Inf\"} 3",
                        "tidemark_lag_seconds_count 3",
                        "tidemark_lag_seconds_sum 4.5");
    }

    @Test
    void follows_sources_that_change_their_labels() {
        var names = new ArrayList<>(List.of("crm"));
        try (var scraper = new MetricScraper(List.of(page ->
                names.forEach(name -> page.counter("deliveries", "Deliveries.", MetricLabels.of("sink", name), 1))))) {
            assertThat(scraper.scrape()).contains("sink=\"crm\"");
            names.set(0, "bus");
            assertThat(scraper.scrape()).contains("sink=\"bus\"").doesNotContain("sink=\"crm\"");
        }
    }
}
