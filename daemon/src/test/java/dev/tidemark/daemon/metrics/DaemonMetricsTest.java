package dev.tidemark.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests the scrape of a whole daemon just after its start.
@TestInstance(Lifecycle.PER_CLASS)
final class DaemonMetricsTest {
    @TempDir
    static Path folder;

    private DaemonScrape scrape = new DaemonScrape("");

    @BeforeAll
    void scrape() throws IOException, InterruptedException {
        scrape = DaemonScrape.take(folder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "callbacks_total{result=\"acknowledged\"}",
                "callbacks_total{result=\"unsubscribed\"}",
                "callbacks_total{result=\"token\"}",
                "callbacks_total{result=\"tls\"}",
                "acknowledgement_duration_seconds_bucket{le=\"0.01\"}",
                "acknowledgement_duration_seconds_count",
                "acknowledgement_duration_seconds_sum",
                "store_sync_duration_seconds_bucket{le=\"+Inf\"}",
                "store_log_bytes",
                "journal_events_total{origin=\"push\"}",
                "journal_events_total{origin=\"resync\"}",
                "journal_events_total{origin=\"lifecycle\"}",
                "mailboxes{state=\"failed\"}",
                "mailbox_silence_seconds_bucket{le=\"3600.0\"}",
                "watermark_age_max_seconds",
                "gaps_total",
                "compensations_total{action=\"resync\",outcome=\"failed\"}",
                "ews_requests_total{connection=\"onprem\",operation=\"Subscribe\",outcome=\"success\"}",
                "ews_request_duration_seconds_bucket{connection=\"onprem\",operation=\"Subscribe\",le=\"0.1\"}",
                "connection_backoff_seconds{connection=\"onprem\"}",
                "canary_duration_seconds_bucket{connection=\"onprem\",le=\"0.1\"}",
                "canary_delivery_duration_seconds_count{connection=\"onprem\",sink=\"crm\"}",
                "canary_rounds_total{connection=\"onprem\",outcome=\"overdue\"}",
                "canary_last_success_timestamp_seconds{connection=\"onprem\"}",
                "canary_failing{connection=\"onprem\"}",
                "deliveries_total{outcome=\"delivered\",sink=\"crm\"}",
                "deliveries_total{outcome=\"dead-letter\",sink=\"crm\"}",
                "delivery_lag_seconds_bucket{sink=\"crm\",le=\"1.0\"}",
                "delivery_duration_seconds_count{sink=\"crm\"}",
                "sink_backlog_events{sink=\"crm\"}",
                "sink_oldest_undelivered_seconds{sink=\"crm\"}",
                "sink_state{sink=\"crm\",state=\"refused\"}",
                "dead_letters{sink=\"crm\"}",
                "exchange_clock_offset_seconds{connection=\"onprem\"}",
                "disk_free_bytes",
                "config_last_reload_successful",
                "config_last_reload_success_timestamp_seconds",
                "ews_skipped_total{operation=\"GetItem\",reason=\"missing-id\"}"
            })
    void exists_from_the_start(String series) {
        assertThat(scrape.series()).contains("tidemark_" + series);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jvm_memory_used_bytes",
                "jvm_gc_pause_seconds_count",
                "process_cpu_usage",
                "process_files_open_files"
            })
    void shows_the_jvm_and_the_process_without_prefix(String name) {
        assertThat(scrape.names()).contains(name);
    }

    @Test
    void names_version_and_commit() {
        assertThat(scrape.text()).containsPattern("tidemark_build_info\\{revision=\"\\S+\",version=\"\\S+\"} 1");
    }

    @Test
    void counters_of_events_begin_with_zero() {
        assertThat(scrape.text().lines())
                .contains("tidemark_gaps_total 0.0", "tidemark_callbacks_total{result=\"acknowledged\"} 0.0")
                .contains("tidemark_acknowledgement_duration_seconds_count 0");
    }

    @Test
    void every_metric_has_a_sentence_of_help() {
        assertThat(scrape.text().lines().filter(line -> line.startsWith("# HELP tidemark_")))
                .isNotEmpty()
                .allMatch(line -> line.matches("# HELP \\S+ [A-Z0-9].*\\."));
    }

    @Test
    void promtool_finds_nothing_to_improve() throws IOException, InterruptedException {
        var result = PromtoolProcess.run(scrape.text(), "check", "metrics");

        assertThat(result.output()).isEmpty();
        assertThat(result.exit()).isZero();
    }

    @Test
    void the_document_lists_every_metric() throws IOException {
        var document = Files.readString(Path.of("../docs/metrics.md"));

        assertThat(scrape.text()
                        .lines()
                        .filter(line -> line.startsWith("# TYPE tidemark_"))
                        .map(line -> line.replaceFirst("# TYPE (\\S+) .*", "$1")))
                .isNotEmpty()
                .allMatch(name -> document.contains("`" + name + "`") || document.contains("`" + name + "{"));
    }

    @Test
    void has_as_many_series_with_thousand_mailboxes_as_with_two(@TempDir Path other)
            throws IOException, InterruptedException {
        var addresses = IntStream.range(0, 1000)
                .mapToObj(i -> "user" + i + "@example.com")
                .collect(Collectors.joining("\n"));
        Files.writeString(other.resolve("mailboxes.txt"), "ada@example.com\n" + addresses);
        var many = DaemonScrape.take(
                other, DaemonScrape.CONFIGURATION.replaceAll("mailboxes: \\[.*?]", "mailboxes-file: mailboxes.txt"));

        assertThat(many.text()).contains("tidemark_mailboxes{state=\"new\"}").doesNotContain("user7");
        assertThat(many.series().stream().filter(each -> each.startsWith("tidemark_")))
                .hasSameElementsAs(scrape.series().stream()
                        .filter(each -> each.startsWith("tidemark_"))
                        .toList());
    }
}
