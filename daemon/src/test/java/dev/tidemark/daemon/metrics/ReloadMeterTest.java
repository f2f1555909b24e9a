package dev.tidemark.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testsupport.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReloadMeterTest {
    private final SettableClock clock = new SettableClock(Instant.ofEpochSecond(1_000));
    private final ReloadMeter meter = new ReloadMeter(clock);

    private String scrape() {
        try (var scraper = new MetricScraper(List.of(meter))) {
            return scraper.scrape();
        }
    }

    @Test
    void the_start_counts_as_a_success() {
        assertThat(scrape())
                .contains("config_last_reload_successful 1.0")
                .contains("config_last_reload_success_timestamp_seconds 1000.0");
    }

    @Test
    void a_faulty_file_keeps_the_time_of_the_last_success() {
        clock.advance(Duration.ofSeconds(60));
        meter.record(false);

        assertThat(scrape())
                .contains("config_last_reload_successful 0.0")
                .contains("config_last_reload_success_timestamp_seconds 1000.0");
    }

    @Test
    void a_repaired_file_is_a_success_again() {
        meter.record(false);
        clock.advance(Duration.ofSeconds(60));
        meter.record(true);

        assertThat(scrape())
                .contains("config_last_reload_successful 1.0")
                .contains("config_last_reload_success_timestamp_seconds 1060.0");
    }
}
