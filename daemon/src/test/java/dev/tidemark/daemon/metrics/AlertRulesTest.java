package dev.tidemark.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.config.YamlJsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Tests the alert rules and the dashboard against promtool, the runbooks, and the scrape of a whole daemon.
@TestInstance(Lifecycle.PER_CLASS)
final class AlertRulesTest {
    private static final Path RULES = Path.of("../conf/alerts.yaml");
    private static final Path UNIT_TESTS = Path.of("src/test/prometheus/alerts-test.yaml");
    private static final Path DASHBOARD = Path.of("../conf/grafana-dashboard.json");
    private static final Path RUNBOOKS = Path.of("../docs/runbooks.md");
    private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\w+)$");
    private static final Pattern METRIC = Pattern.compile("\\b(?:tidemark|jvm|process)_[a-z_]+\\b");

    /// Metrics whose series come with the first callback or with a certificate.
    private static final Set<String> NOT_FROM_THE_START =
            Set.of("tidemark_callbacks_by_server_total", "tidemark_certificate_expiry_seconds");

    @TempDir
    static Path folder;

    private Set<String> scraped = Set.of();

    @BeforeAll
    void scrape() throws IOException, InterruptedException {
        scraped = DaemonScrape.take(folder).names();
    }

    private static List<String> alerts() throws IOException {
        return ALERT.matcher(Files.readString(RULES))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static Set<String> metricsIn(String text) {
        return METRIC.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    private void assertScraped(Set<String> metrics) {
        assertThat(metrics).isNotEmpty();
        assertThat(metrics.stream().filter(each -> !NOT_FROM_THE_START.contains(each)))
                .allMatch(scraped::contains);
    }

    @Test
    void promtool_accepts_the_rules() throws IOException, InterruptedException {
        var result = PromtoolProcess.run("", "check", "rules", RULES.toString());

        assertThat(result.exit()).as(result.output()).isZero();
    }

    @Test
    void each_alert_fires_on_its_condition_and_not_before() throws IOException, InterruptedException {
        var result = PromtoolProcess.run("", "test", "rules", UNIT_TESTS.toString());

        assertThat(result.exit()).as(result.output()).isZero();
    }

    @Test
    void each_alert_has_a_unit_test_in_which_it_is_silent_and_one_in_which_it_fires() throws IOException {
        var tests = Files.readString(UNIT_TESTS);

        assertThat(alerts()).isNotEmpty().allSatisfy(alert -> {
            var query = Pattern.quote("alertname=\"" + alert + "\",alertstate=\"firing\"})', eval_time: ");
            assertThat(tests).containsPattern(query + "\\d+m, exp_samples: \\[ ]");
            assertThat(tests).containsPattern(query + "\\d+m, exp_samples: \\[ \\{");
        });
    }

    @Test
    void each_alert_has_a_severity_a_summary_and_a_section_in_the_runbooks() throws IOException {
        var rules = Files.readString(RULES);
        var runbooks = Files.readString(RUNBOOKS);

        assertThat(alerts()).allSatisfy(alert -> {
            var rule =
                    rules.substring(rules.indexOf("- alert: " + alert + "\n")).split("- alert: ", 3)[1];
            assertThat(rule).contains("severity: ", "summary: ");
            assertThat(rule).contains("runbook_url: docs/runbooks.md#" + alert.toLowerCase(Locale.ROOT));
            assertThat(runbooks).contains("\n## " + alert + "\n");
        });
    }

    @Test
    void the_runbooks_have_no_section_without_an_alert() throws IOException {
        assertThat(Pattern.compile("(?m)^## (\\w+)$")
                        .matcher(Files.readString(RUNBOOKS))
                        .results()
                        .map(found -> found.group(1)))
                .containsExactlyInAnyOrderElementsOf(alerts());
    }

    @Test
    void every_metric_of_a_rule_is_in_the_scrape() throws IOException {
        assertScraped(metricsIn(Files.readString(RULES)
                .lines()
                .filter(line -> line.contains("expr: "))
                .collect(Collectors.joining("\n"))));
    }

    @Test
    void every_metric_of_the_dashboard_is_in_the_scrape() throws IOException {
        assertScraped(metricsIn(Files.readString(DASHBOARD)));
    }

    @Test
    void promtool_accepts_every_query_of_the_dashboard() throws IOException, InterruptedException {
        var queries = new ArrayList<String>();
        addQueries(YamlJsonCodec.fromJson(Files.readString(DASHBOARD)), queries);
        var rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        for (var query : queries) {
            rules.append("      - record: query_")
                    .append(rules.length())
                    .append("\n        expr: '")
                    .append(query.replace("$__rate_interval", "5m"))
                    .append("'\n");
        }
        var file = Files.writeString(folder.resolve("queries.yaml"), rules);

        var result = PromtoolProcess.run("", "check", "rules", file.toString());

        assertThat(queries).hasSizeGreaterThan(30);
        assertThat(result.exit()).as(result.output()).isZero();
    }

    private static void addQueries(Object tree, List<String> queries) {
        switch (tree) {
            case Map<?, ?> fields ->
                fields.forEach((name, value) -> {
                    if ("expr".equals(name)) {
                        queries.add(String.valueOf(value));
                    }
                    addQueries(value, queries);
                });
            case List<?> items -> items.forEach(item -> addQueries(item, queries));
            default -> assertThat(tree).isNotNull();
        }
    }
}
