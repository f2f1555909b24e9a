package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests which requests the admin API of a whole daemon refuses, and how.
final class AdminApiRefusalTest extends AdminApiFixture {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"group\":\"inboxes\"",
                "not json",
                "null",
                "\"inboxes\"",
                "[\"inboxes\"]",
                "group=inboxes",
                "{\"group\":null}",
                "{\"group\":\"\"}",
                "{\"group\":7}",
                "{\"state\":\" \"}"
            })
    void a_selection_that_is_not_understood_selects_nothing(String body) {
        assertThat(send("/api/v1/mailboxes/-/pause", body).statusCode()).isEqualTo(400);
        assertThat(send("/api/v1/check", body).statusCode()).isEqualTo(400);
        assertThat(send("/api/v1/sinks/crm/replay", body).statusCode()).isEqualTo(400);
        assertThat(send("/api/v1/backup", body).statusCode()).isEqualTo(400);
        assertThat(call("GET", "/api/v1/mailboxes?state=paused").body()).contains("\"items\":[]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/mailboxes/-/pause | {'group':'inboxes','group':'inboxes'}            | group",
                "/api/v1/mailboxes/-/pause | {'state':'failed','group':'inboxes','state':'new'} | state",
                "/api/v1/sinks/crm/replay  | {'dryRun':true,'dryRun':false}                   | dryRun",
                "/api/v1/check             | {'wait':'5s','\\u0077ait':'1s'}                   | wait",
                "/api/v1/backup            | {'to':'/one','to':'/other'}                      | to"
            })
    void a_body_with_a_field_twice_is_refused(String path, String body, String field) {
        var answer = send(path, body.replace('\'', '"'));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("'" + field + "' occurs twice; keep one of them");
        assertThat(call("GET", "/api/v1/mailboxes?state=paused").body()).contains("\"items\":[]");
    }

    @Test
    void a_body_that_is_too_long_is_refused_whole() {
        var answer = send("/api/v1/mailboxes/-/pause", "{" + " ".repeat(70_000) + "}");
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("longer than 65536 bytes");
        assertThat(call("GET", "/api/v1/mailboxes?state=paused").body()).contains("\"items\":[]");
    }

    @Test
    void an_unknown_name_gets_the_nearest_known_one() {
        assertThat(send("/api/v1/mailboxes/-/pause", "{\"group\":\"inboxs\"}").body())
                .contains("the nearest is inboxes");
        assertThat(call("POST", "/api/v1/connections/lap/pause").body()).contains("the nearest is ");
        assertThat(call("POST", "/api/v1/sinks/crn/enable").body()).contains("the nearest is crm");
        assertThat(call("PUT", "/api/v1/groups/inboxs/mailboxes/eve@example.com")
                        .body())
                .contains("the nearest is inboxes");
    }

    @Test
    void an_address_beyond_the_limit_of_smtp_is_refused() {
        var path = "/api/v1/groups/inboxes/mailboxes/" + "a".repeat(320) + "@example.com";
        assertThat(problem("PUT", path, 400).body()).contains("has 332 characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/nothing", "/api/v1/mailboxes/", "/api/v1/mailboxes/zoe@example.com", "/api/v1/mailboxes/x"})
    void what_is_not_there_is_404(String path) {
        problem("GET", path, 404);
    }

    @Test
    void a_wrong_method_is_405_and_says_which_is_right() {
        assertThat(problem("POST", "/api/v1/status", 405).headers().firstValue("allow"))
                .contains("GET");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/events?limit=0",
                "/api/v1/events?limit=1001",
                "/api/v1/events?wait=0",
                "/api/v1/events?wait=3541",
                "/api/v1/events?after=elsewhere",
                "/api/v1/events?after=j1-zzzzzz",
                "/api/v1/events?mailbox=absent",
                "/api/v1/mailboxes?limit=x",
                "/api/v1/mailboxes?state=bogus",
                "/api/v1/events?added=maybe"
            })
    void a_parameter_out_of_bounds_is_400(String path) {
        problem("GET", path, 400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | /api/v1/mailboxes?staet=active       | the nearest is state",
                "GET  | /api/v1/mailboxes?state=activ        | the nearest is active",
                "GET  | /api/v1/mailboxes?group=inboxs       | the nearest is inboxes",
                "GET  | /api/v1/mailboxes/ada@example.com?x=1 | takes none",
                "POST | /api/v1/mailboxes/ada@example.com/resync?raeson=x | the nearest is reason",
                "GET  | /api/v1/events?aftr=now              | the nearest is after",
                "GET  | /api/v1/events?added=tru             | the nearest is true",
                "GET  | /api/v1/events?type=mailbox.message.received | the nearest that does is dev.tidemark.mailbox.message.received",
                "GET  | /api/v1/dead-letters?sink=crn        | the nearest is crm",
                "GET  | /api/v1/dead-letters?type=sink.faling | the nearest that does is dev.tidemark.sink.",
                "POST | /api/v1/dead-letters/replay?snk=crm  | the nearest is sink",
                "POST | /api/v1/sinks/crm/enable?a=b         | takes none",
                "GET  | /api/v1/status?verbose=1             | takes none",
                "GET  | /health/ready?verbose=1              | takes none",
                "GET  | /metrics?name=x                      | takes none",
                "GET  | /?q=x                                | takes none",
                "GET  | /api/v1/operations/op_1?wiat=1       | the nearest is wait"
            })
    void what_is_not_known_is_400_and_names_the_nearest(String method, String path, String detail) {
        assertThat(problem(method, path, 400).body())
                .contains("\"type\":\"https://tidemark.dev/problems/bad-parameter\"", detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/sinks/crm/replay | {'form':'1h'}  | the nearest is from",
                "/api/v1/backup           | {'too':'/tmp'} | the nearest is to"
            })
    void so_is_a_field_of_a_body(String path, String body, String detail) {
        var answer = send(path, body.replace('\'', '"'));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(detail);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/v1/events?after=%zz HTTP/1.1",
                "GET /api/v1/events?after=%ff%fe HTTP/1.1",
                "GET /api/v1/mailboxes/%zz HTTP/1.1",
                "GET /api/v1/mailboxes/%C0%AF HTTP/1.1",
                "GET /api/v1/mailboxes/50% HTTP/1.1",
                "GET /api/v1/mailboxes/%2e%2e HTTP/1.1",
                "GET /../../etc/passwd HTTP/1.1"
            })
    void an_address_that_cannot_be_read_is_400_in_the_form_of_every_problem(String line) throws IOException {
        assertThat(raw(line))
                .startsWith("HTTP/1.1 400 ")
                .containsIgnoringCase("content-type: application/problem+json")
                .contains("\"type\":\"https://tidemark.dev/problems/bad-request\"", "\"status\":400", "\"detail\":");
    }

    @Test
    void a_caller_without_a_token_is_refused_before_its_body_is_read() throws IOException {
        var admin = adminAddress();
        try (var socket = new Socket(admin.getHost(), admin.getPort())) {
            var head = "POST /api/v1/backup HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            var status = new byte["HTTP/1.1 401".length()];
            socket.getInputStream().readNBytes(status, 0, status.length);
            assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 401");
        }
    }

    @Test
    void an_address_without_a_path_means_the_root() throws IOException {
        assertThat(raw("GET http://localhost HTTP/1.1")).startsWith("HTTP/1.1 200 ");
    }

    /// Sends a raw request line, because the HTTP client library rejects invalid addresses.
    private String raw(String line) throws IOException {
        var admin = adminAddress();
        try (var socket = new Socket(admin.getHost(), admin.getPort())) {
            var request = line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_page_from_elsewhere_may_not_act_here() {
        var path = "/api/v1/sinks/crm/disable";
        assertThat(call("POST", path, "Origin", "https://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(call("POST", path, "Origin", adminAddress().toString()).statusCode())
                .isEqualTo(202);
    }
}
