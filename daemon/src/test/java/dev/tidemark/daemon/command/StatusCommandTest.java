package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StatusCommandTest {
    @Test
    void says_first_whether_everything_is_well() {
        assertThat(StatusCommand.problems(Map.of("problems", List.of()))).containsExactly("everything is well");
        var connection = Map.of(
                "area", "connections",
                "subject", "onprem",
                "state", "unavailable",
                "count", 1,
                "since", "2026-11-01T07:33:57.343Z",
                "reason", "Http401: The server refuses the account.",
                "remedy", "Correct the password.");
        var mailboxes = Map.of(
                "area", "mailboxes", "subject", "", "state", "failed", "count", 10, "reason", "Http401", "remedy", "x");
        assertThat(StatusCommand.problems(Map.of("problems", List.of(connection, mailboxes))))
                .containsExactly(
                        "not well: 2 problems, worst first",
                        "  connection onprem unavailable since 2026-11-01T07:33:57Z: Http401: The server refuses the"
                                + " account.",
                        "    remedy: Correct the password.",
                        "  10 mailboxes failed: Http401",
                        "    remedy: x");
    }

    @Test
    void a_problem_of_any_area_is_named_by_its_area() {
        var configuration = Map.of(
                "area",
                "configuration",
                "subject",
                "",
                "state",
                "not reloaded",
                "count",
                1,
                "reason",
                "line 3",
                "remedy",
                "x");
        var letters = Map.of(
                "area",
                "dead-letters",
                "subject",
                "",
                "state",
                "",
                "count",
                2,
                "reason",
                "crm refused them",
                "remedy",
                "y");
        assertThat(StatusCommand.problems(Map.of("problems", List.of(configuration, letters))))
                .contains("  configuration not reloaded: line 3", "  2 dead letters: crm refused them");
    }

    private static Map<String, Object> sink(String state) {
        return Map.of("name", "crm", "state", state, "backlog", 7, "lastError", "responded 503");
    }

    @Test
    void a_sink_that_is_not_as_it_should_be_says_why() {
        assertThat(StatusCommand.sink(sink("held"))).isEqualTo("sink crm: held, backlog 7: responded 503");
        assertThat(StatusCommand.sink(sink("active")))
                .as("it takes some events, not all")
                .isEqualTo("sink crm: active, backlog 7: responded 503");
        assertThat(StatusCommand.sink(Map.of("name", "crm", "state", "active", "backlog", 7)))
                .isEqualTo("sink crm: active, backlog 7");
        assertThat(StatusCommand.sink(Map.of("name", "crm", "state", "held", "backlog", 0)))
                .isEqualTo("sink crm: held, backlog 0");
    }
}
