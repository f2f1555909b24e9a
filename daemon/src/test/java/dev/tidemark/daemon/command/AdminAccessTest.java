package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.TestDaemonConfig;
import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.config.YamlJsonCodec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests tokens, roles and groups on the admin API of a whole daemon.
@TestInstance(Lifecycle.PER_CLASS)
final class AdminAccessTest {
    private static final String TEXT = TestDaemonConfig.TEXT
            .replace("mailboxes: [ ada@example.com, bob@example.com ]", "mailboxes: [ ada@example.com ]")
            .replace(
                    "sinks:\n",
                    "  - { name: sales, connection: onprem, mailboxes: [ bob@example.com ], forward-to: [ crm ] }\nsinks:\n")
            .replace("admin: { bind: '127.0.0.1:0' }", """
                    admin:
                      bind: 127.0.0.1:0
                      public-url: https://tidemark.example.com
                      audit: audit.jsonl
                      tokens:
                        - { name: ops, token: "${env:OPS}", role: operate }
                        - { name: viewer, token: "${env:VIEWER}", role: read }
                        - { name: prom, token: "${env:PROM}", role: metrics }
                        - { name: sales, token: "${env:SALES}", role: operate, groups: [ sales ] }
                    """);

    @TempDir
    static Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private TidemarkDaemon daemon;

    @BeforeAll
    void start() throws IOException {
        var file = Files.writeString(folder.resolve("t.yaml"), TEXT);
        daemon = TidemarkDaemon.start(TidemarkConfig.read(file, AdminAccessTest::variable), Clock.systemUTC());
    }

    @AfterAll
    void stop() {
        daemon.close();
        http.close();
    }

    private static Optional<String> variable(String name) {
        return Optional.of(name.equals("CRM_SECRET") ? ConfigFileTest.SECRET : secret(name));
    }

    private static String secret(String name) {
        return "the-long-secret-of-" + name.toLowerCase(Locale.ROOT);
    }

    private HttpResponse<String> call(String token, String method, String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(daemon.adminAddress() + path))
                .method(method, BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + secret(token));
        }
        for (var i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private List<Map<String, Object>> items(String token, String path) {
        var answer = call(token, "GET", path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return AdminCommand.items(YamlJsonCodec.fromJson(answer.body()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/v1/status",
                "GET /api/v1/mailboxes",
                "GET /api/v1/mailboxes/ada@example.com",
                "POST /api/v1/mailboxes/ada@example.com/pause",
                "GET /api/v1/events",
                "GET /api/v1/sinks",
                "GET /api/v1/sinks/crm",
                "POST /api/v1/sinks/crm/disable",
                "POST /api/v1/sinks/crm/replay",
                "GET /api/v1/connections",
                "GET /api/v1/diagnostics",
                "GET /api/v1/replays",
                "DELETE /api/v1/replays/x",
                "GET /api/v1/dead-letters",
                "DELETE /api/v1/dead-letters/x",
                "POST /api/v1/dead-letters/x/replay",
                "POST /api/v1/dead-letters/replay",
                "GET /api/v1/operations/x",
                "POST /api/v1/backup"
            })
    void a_route_of_the_api_needs_a_token(String line) {
        var words = line.split(" ", -1);
        var missing = call("", words[0], words[1]);
        assertThat(missing.statusCode()).isEqualTo(401);
        assertThat(missing.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Bearer"));
        assertThat(missing.headers().firstValue("content-type")).contains("application/problem+json");
        var wrong = call("unknown", words[0], words[1]);
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer realm=\"tidemark\"," + " error=\"invalid_token\"");
    }

    @Test
    void a_mailbox_is_forgotten_by_its_groups_token_or_an_unlimited_one_and_audited() throws IOException {
        var added = call("ops", "PUT", "/api/v1/groups/sales/mailboxes/leaver@example.com");
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        var path = "/api/v1/mailboxes/leaver@example.com";
        var forget = path + "?forget=true";
        assertThat(call("viewer", "DELETE", forget).statusCode()).isEqualTo(403);
        assertThat(call("sales", "DELETE", path).statusCode()).isEqualTo(400);
        assertThat(call("sales", "DELETE", path + "?forget=false").statusCode()).isEqualTo(400);
        assertThat(call("sales", "DELETE", "/api/v1/mailboxes/ada@example.com?forget=true")
                        .statusCode())
                .isEqualTo(404);
        var inUse = call("sales", "DELETE", forget);
        assertThat(inUse.statusCode()).isEqualTo(409);
        assertThat(inUse.body()).contains("pause it, or remove it from its group");
        call("ops", "DELETE", "/api/v1/groups/sales/mailboxes/leaver@example.com");
        // a removed mailbox belongs to no group
        assertThat(call("sales", "DELETE", forget).statusCode()).isEqualTo(404);
        var gone = call("ops", "DELETE", forget);
        assertThat(gone.statusCode()).as(gone.body()).isEqualTo(200);
        assertThat(gone.body())
                .contains("\"deadLetters\":0", "\"deferredDeliveries\":0")
                .doesNotContain("leaver");
        assertThat(call("ops", "DELETE", forget).statusCode()).isEqualTo(404);
        assertThat(call("ops", "GET", "/api/v1/events").body())
                .contains("mailbox.forgotten")
                .doesNotContain("leaver");
        assertThat(Files.readString(folder.resolve("audit.jsonl")))
                .contains("\"action\":\"DELETE /api/v1/mailboxes/{mailbox}\"");
        call("ops", "PUT", "/api/v1/groups/sales/mailboxes/leaver@example.com");
        call("sales", "POST", path + "/pause");
        assertThat(call("sales", "DELETE", forget).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "prom,   GET,    /metrics,                                  200",
        "prom,   GET,    /health/ready,                             200",
        "prom,   GET,    /api/v1/status,                            403",
        "viewer, GET,    /metrics,                                  200",
        "viewer, GET,    /api/v1/status,                            200",
        "viewer, GET,    /api/v1/mailboxes/ada@example.com,         200",
        "viewer, POST,   /api/v1/mailboxes/ada@example.com/pause,   403",
        "viewer, POST,   /api/v1/sinks/crm/disable,                 403",
        "viewer, DELETE, /api/v1/dead-letters/x,                    403",
        "viewer, POST,   /api/v1/backup,                            403",
        "viewer, GET,    /api/v1/diagnostics,                       403",
        "sales,  GET,    /api/v1/diagnostics,                       403",
        "ops,    GET,    /api/v1/status,                            200",
        "ops,    DELETE, /api/v1/dead-letters/x,                    404",
        "sales,  GET,    /api/v1/mailboxes,                         200",
        "sales,  GET,    /api/v1/mailboxes/bob@example.com,         200",
        "sales,  GET,    /api/v1/mailboxes/ada@example.com,         404",
        "sales,  POST,   /api/v1/mailboxes/ada@example.com/resync,  404",
        "sales,  POST,   /api/v1/mailboxes/bob@example.com/resync,  202",
        "sales,  GET,    /api/v1/events?mailbox=ada@example.com,    400",
        "sales,  GET,    /api/v1/dead-letters?mailbox=ada@example.com, 400",
        "sales,  GET,    /health/ready,                             200",
        "sales,  GET,    /api/v1/status,                            403",
        "sales,  GET,    /api/v1/sinks,                             403",
        "sales,  GET,    /api/v1/sinks/crm,                         403",
        "sales,  POST,   /api/v1/sinks/crm/disable,                 403",
        "sales,  POST,   /api/v1/sinks/crm/replay,                  403",
        "sales,  GET,    /api/v1/connections,                       403",
        "sales,  GET,    /api/v1/replays,                           403",
        "sales,  DELETE, /api/v1/replays/x,                         403",
        "sales,  GET,    /api/v1/operations/x,                      404",
        "sales,  POST,   /api/v1/backup,                            403",
        "sales,  DELETE, /api/v1/dead-letters/x,                    404",
        "sales,  POST,   /api/v1/dead-letters/x/replay,             404",
        "sales,  POST,   /api/v1/dead-letters/replay,               403"
    })
    void a_token_may_do_what_its_role_and_groups_allow(String token, String method, String path, int status) {
        var answer = call(token, method, path, "X-Forwarded-For", "192.0.2.7");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
    }

    @Test
    void a_limited_token_sees_the_mailboxes_and_events_of_its_groups_only() {
        assertThat(items("viewer", "/api/v1/mailboxes")).extracting("address").contains("ada@example.com");
        assertThat(items("sales", "/api/v1/mailboxes")).extracting("address").containsExactly("bob@example.com");
        assertThat(items("sales", "/api/v1/mailboxes?q=ada")).isEmpty();

        for (var address : List.of("ada@example.com", "bob@example.com")) {
            assertThat(call("ops", "POST", "/api/v1/mailboxes/" + address + "/pause")
                            .statusCode())
                    .isEqualTo(202);
        }
        var all = "/api/v1/events?type=dev.tidemark.mailbox.paused,dev.tidemark.sink.*,dev.tidemark.connection.*";
        assertThat(items("viewer", all).toString()).contains("ada@example.com", "bob@example.com");
        assertThat(items("sales", "/api/v1/events"))
                .isNotEmpty()
                .allSatisfy(item -> assertThat(item.toString()).contains("bob@example.com"));
        for (var address : List.of("ada@example.com", "bob@example.com")) {
            assertThat(call("ops", "POST", "/api/v1/mailboxes/" + address + "/resume")
                            .statusCode())
                    .isEqualTo(202);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/live", "/health/started", "/health/ready", "/metrics"})
    void monitoring_needs_a_token_only_beyond_this_machine(String path) {
        assertThat(call("", "GET", path).statusCode()).isEqualTo(200);
        assertThat(call("", "GET", path, "X-Forwarded-For", "192.0.2.7").statusCode())
                .isEqualTo(401);
        assertThat(call("", "GET", path, "Forwarded", "for=192.0.2.7").statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page/app.js", "/page/app.css", "/page/preact.js", "/favicon.svg"})
    void the_page_itself_needs_none(String path) {
        assertThat(call("", "GET", path, "X-Forwarded-For", "192.0.2.7").statusCode())
                .isEqualTo(200);
    }

    @Test
    void configured_tokens_leave_no_file_and_no_token_in_the_address_of_the_page() {
        assertThat(folder.resolve("admin-token")).doesNotExist();
        assertThat(daemon.pageAddress().toString()).isEqualTo(daemon.adminAddress() + "/");
    }

    @Test
    void a_page_of_another_site_may_change_nothing_even_without_an_origin() {
        var path = "/api/v1/sinks/crm/enable";
        assertThat(call("ops", "POST", path, "Sec-Fetch-Site", "cross-site").statusCode())
                .isEqualTo(403);
        assertThat(call("ops", "POST", path, "Sec-Fetch-Site", "same-site").statusCode())
                .isEqualTo(403);
        assertThat(call("ops", "POST", path, "Sec-Fetch-Site", "same-origin").statusCode())
                .isEqualTo(202);
        assertThat(call("ops", "GET", "/api/v1/status", "Sec-Fetch-Site", "cross-site")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void an_audit_file_that_cannot_be_written_is_a_problem_until_it_can() throws IOException {
        var file = folder.resolve("audit.jsonl");
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(call("ops", "POST", "/api/v1/sinks/crm/enable").statusCode()).isEqualTo(202);
        var refused = call("ops", "POST", "/api/v1/sinks/crm/enable");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("https://tidemark.dev/problems/audit-unavailable");
        var ready = call("", "GET", "/health/ready");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body()).contains("\"audit\":\"down\"", "audit.jsonl");
        assertThat(call("viewer", "GET", "/api/v1/status").body()).contains("\"area\":\"audit\"");

        Files.delete(file);
        assertThat(call("", "GET", "/health/ready").body()).doesNotContain("\"audit\"");
        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    @Test
    void a_change_is_audited_and_a_question_is_not() throws IOException {
        var file = folder.resolve("audit.jsonl");
        var before = Files.readAllLines(file).size();
        assertThat(call("ops", "GET", "/api/v1/sinks").statusCode()).isEqualTo(200);
        assertThat(call("unknown", "POST", "/api/v1/sinks/crm/enable").statusCode())
                .isEqualTo(401);
        assertThat(call("ops", "POST", "/api/v1/sinks/crm/enable").statusCode()).isEqualTo(202);
        assertThat(call("viewer", "POST", "/api/v1/mailboxes/o%2Fh@example.com/pause?reason=x")
                        .statusCode())
                .isEqualTo(403);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var lines = Files.readAllLines(file);
        var entries = lines.subList(before, lines.size()).stream()
                .map(YamlJsonCodec::fromJson)
                .toList();
        assertThat(entries).hasSize(2);
        assertThat(entries.getFirst())
                .containsEntry("token", "ops")
                .containsEntry("address", "127.0.0.1")
                .containsEntry("action", "POST /api/v1/sinks/{sink}/enable")
                .containsEntry("target", "crm")
                .containsEntry("result", 202);
        assertThat(Instant.parse(String.valueOf(entries.getFirst().get("time"))))
                .isBefore(Instant.MAX);
        assertThat(entries.getLast())
                .containsEntry("token", "viewer")
                .containsEntry("target", "o/h@example.com")
                .containsEntry("parameters", Map.of("reason", "x"))
                .containsEntry("result", 403);
    }
}
