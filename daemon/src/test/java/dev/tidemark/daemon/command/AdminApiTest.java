package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.check.CheckStep;
import dev.tidemark.daemon.config.YamlJsonCodec;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests status, check, sinks and status page of the admin API of a whole daemon.
final class AdminApiTest extends AdminApiFixture {
    @Test
    void a_check_is_an_operation_whose_result_is_its_steps() {
        assertThat(send("/api/v1/check", "{\"wait\":\"11m\"}").statusCode()).isEqualTo(400);
        assertThat(send("/api/v1/check", "{\"wait\":\"soon\"}").statusCode()).isEqualTo(400);
        var started = send("/api/v1/check", "");
        assertThat(started.statusCode()).as(started.body()).isEqualTo(202);

        var id = YamlJsonCodec.fromJson(started.body()).get("operation");
        var operation = get("/api/v1/operations/" + id + "?wait=60");

        // neither Exchange nor the webhook listens
        assertThat(operation.get("kind")).isEqualTo("check");
        assertThat(operation.get("steps"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .satisfiesExactly(
                        step -> assertThat(CheckStep.of(fields(step)).name()).isEqualTo("name-resolution"),
                        step -> assertThat(CheckStep.of(fields(step)).isUnreachable())
                                .isTrue(),
                        step -> {
                            assertThat(CheckStep.of(fields(step)).sink()).contains("crm");
                            assertThat(CheckStep.of(fields(step)).ok()).isFalse();
                            assertThat(CheckStep.of(fields(step)).remedy()).isPresent();
                        });
    }

    @SuppressWarnings("unchecked") // keys of JSON objects are texts
    private static Map<String, Object> fields(Object step) {
        return (Map<String, Object>) step;
    }

    @Test
    void says_how_it_is_doing() {
        assertThat(get("/api/v1/status")).containsEntry("instance", "gw1").containsKeys("version", "uptime", "totals");
        assertThat(((Map<?, ?>) get("/api/v1/status").get("totals"))
                        .keySet().stream().map(String::valueOf))
                .containsExactly(
                        "received", "acknowledged", "journalled", "delivered", "duplicates", "gaps", "deadLetters");
        for (var check : new String[] {"live", "ready", "started"}) {
            assertThat(get("/health/" + check)).containsEntry("status", "up").containsKey("checks");
        }
        assertThat(call("GET", "/metrics").body())
                .contains(
                        "tidemark_callbacks_total{result=\"acknowledged\"} 0.0", "tidemark_mailboxes{state=\"active\"}")
                .contains(
                        "tidemark_deliveries_total{outcome=\"delivered\",sink=\"crm\"} 0.0",
                        "tidemark_compensations_started_total")
                .contains("tidemark_ews_skipped_total{operation=\"SendNotification\",reason=\"missing-id\"} 0.0")
                .contains("tidemark_ews_skipped_total{operation=\"GetItem\",reason=\"unreadable-value\"} 0.0");
        assertThat(call("HEAD", "/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void shows_sinks_and_acts_on_them() {
        assertThat(items(get("/api/v1/sinks"))).singleElement().asString().contains("crm", "webhook", "backlog");
        assertThat(call("POST", "/api/v1/sinks/crm/disable").body()).contains("disabled");
        assertThat(call("POST", "/api/v1/sinks/crm/enable").statusCode()).isEqualTo(202);
        assertThat(call("POST", "/api/v1/sinks/crm/test").body()).contains("\"delivered\":false");
        problem("POST", "/api/v1/sinks/none/test", 404);
        assertThat(items(get("/api/v1/dead-letters"))).isEmpty();
        problem("DELETE", "/api/v1/dead-letters/1", 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page/app.js", "/page/overview.js", "/page/app.css", "/favicon.svg"})
    void the_status_page_needs_nothing_from_elsewhere(String path) {
        var answer = call("GET", path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'")
                .doesNotContain("unsafe", "http", "*");
        assertThat(answer.body().replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:", "//cdn");
        assertThat(answer.body()).doesNotContain("innerHTML", "eval(", "<script>");
    }

    @Test
    void the_status_page_has_no_inline_code() {
        assertThat(call("GET", "/").body()).doesNotContain("style=", "onclick", "<style");
        assertThat(call("GET", "/page/absent.js").statusCode()).isEqualTo(404);
    }
}
