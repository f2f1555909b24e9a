package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.daemon.TestDaemonConfig;
import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.check.CheckStep;
import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.config.YamlJsonCodec;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests the admin API of a whole daemon with a real store on free ports. Exchange and the webhook are
/// unreachable.
@TestInstance(Lifecycle.PER_CLASS)
class AdminApiTest {
    @TempDir
    static Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private TidemarkDaemon daemon;

    @BeforeAll
    void start() throws IOException {
        daemon = TidemarkDaemon.start(config(TestDaemonConfig.TEXT), Clock.systemUTC());
    }

    @AfterAll
    void stop() {
        daemon.close();
        // the client counts streams that were left as requests in progress
        http.shutdownNow();
        http.close();
    }

    private TidemarkConfig config(String text) throws IOException {
        var file = Files.writeString(folder.resolve("t.yaml"), text);
        return TidemarkConfig.read(file, name -> Optional.of(ConfigFileTest.SECRET));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(daemon.adminAddress() + path))
                .header("Authorization", "Bearer " + TestDaemonConfig.token(folder));
    }

    private HttpResponse<String> call(String method, String path, String... headers) {
        var request = request(path).method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
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

    private HttpResponse<String> send(String path, String body) {
        var request = request(path).POST(BodyPublishers.ofString(body)).build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private Map<String, Object> get(String path) {
        var answer = call("GET", path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return YamlJsonCodec.fromJson(answer.body());
    }

    private HttpResponse<String> problem(String method, String path, int status) {
        var answer = call(method, path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(answer.body()).contains("\"status\":" + status, "\"detail\":");
        return answer;
    }

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
        var admin = daemon.adminAddress();
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
        var admin = daemon.adminAddress();
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
        assertThat(call("POST", path, "Origin", daemon.adminAddress().toString())
                        .statusCode())
                .isEqualTo(202);
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
    void lists_mailboxes_in_pages() {
        var first = get("/api/v1/mailboxes?limit=1");
        assertThat(items(first)).hasSize(1);
        var second = get("/api/v1/mailboxes?limit=1&after=" + first.get("next"));
        assertThat(items(second)).hasSize(1).doesNotContainAnyElementsOf(items(first));
        assertThat(second).containsEntry("next", null);
        assertThat(items(get("/api/v1/mailboxes?q=ADA"))).hasSize(1);
        assertThat(items(get("/api/v1/mailboxes?state=paused"))).isEmpty();
        assertThat(get("/api/v1/mailboxes/Ada@Example.com"))
                .containsEntry("address", "ada@example.com")
                .containsKeys("id", "group", "state", "subscriptionId", "watermark", "watermarkAt", "lastHeardAt")
                .containsKeys("silentAt", "origin", "lastError");
    }

    private static List<String> items(Map<String, Object> page) {
        return ((List<?>) page.get("items")).stream().map(String::valueOf).toList();
    }

    @Test
    void pauses_and_resumes_and_records_it_in_the_journal() {
        var one = "/api/v1/mailboxes/ada@example.com";
        var next = get("/api/v1/events?after=now").get("next");
        assertThat(call("POST", one + "/pause").body()).contains("\"state\":\"paused\"");
        problem("POST", one + "/pause", 409);
        problem("POST", one + "/resubscribe", 409);

        var page = get("/api/v1/events?wait=30&type=dev.tidemark.mailbox.p*&mailbox=ada@example.com&after=" + next);

        assertThat(items(page)).singleElement().asString().contains("dev.tidemark.mailbox.paused", "ada@example.com");
        assertThat(items(get("/api/v1/events?type=dev.tidemark.mailbox.p*&after=" + page.get("next"))))
                .isEmpty();
        assertThat(call("POST", one + "/resume").statusCode()).isEqualTo(202);
        assertThat(call("POST", one + "/resync").statusCode()).isEqualTo(202);
    }

    @Test
    void an_unknown_word_is_refused_with_the_allowed_ones() {
        assertThat(problem("GET", "/api/v1/mailboxes?state=bogus", 400).body()).contains("subscribing, active, silent");
        assertThat(problem("GET", "/api/v1/events?added=maybe", 400).body()).contains("true, false");
        assertThat(items(get("/api/v1/events?added=false&limit=1"))).hasSize(1);
    }

    @Test
    void the_reason_of_the_operator_reaches_the_sinks_and_the_history() {
        var one = "/api/v1/mailboxes/bob@example.com";
        var next = get("/api/v1/events?after=now").get("next");
        problem("POST", one + "/pause?reason=" + "x".repeat(201), 400);
        problem("POST", one + "/pause?reason=a%0Ab", 400);
        assertThat(call("POST", one + "/pause?reason=he%20moves").statusCode()).isEqualTo(202);
        // except during a subscription
        await().untilAsserted(() -> assertThat(get(one).get("next")).asString().contains("what=nothing", "why=paused"));
        assertThat(call("POST", one + "/resume?reason=he%20moved").statusCode()).isEqualTo(202);

        assertThat(items(get("/api/v1/events?type=dev.tidemark.mailbox.paused&after=" + next)))
                .singleElement()
                .asString()
                .contains("reason=operator", "cause=he moves");
        assertThat(get(one).get("history"))
                .asString()
                .contains("type=mailbox.resumed", "cause=he moved", "type=mailbox.paused", "cause=he moves");
        assertThat(get(one).get("next")).asString().contains("what=", "at=", "why=");
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

    @Test
    void replays_are_counted_and_ordered() {
        var replay = "/api/v1/sinks/crm/replay";
        assertThat(send(replay, "{\"dryRun\":true}").body()).contains("\"count\":");
        assertThat(send(replay, "{\"from\":\"2001-01-01T00:00:00Z\",\"to\":\"2001-01-02T00:00:00Z\"}")
                        .body())
                .contains("\"count\":0");
        assertThat(send(replay, "{\"mailbox\":\"ada@example.com\",\"type\":\"*\"}")
                        .statusCode())
                .isBetween(200, 202);
        for (var wrong :
                List.of("{\"from\":\"soon\"}", "{\"rate\":0}", "{\"dryRun\":1}", "{\"fro\":\"\"}", "{", "[1]")) {
            assertThat(send(replay, wrong).statusCode()).as(wrong).isEqualTo(400);
        }
        problem("POST", "/api/v1/sinks/none/replay", 404);
        problem("POST", "/api/v1/dead-letters/1/replay", 404);
        problem("POST", "/api/v1/dead-letters/replay?sink=none", 400);
        assertThat(call("POST", "/api/v1/dead-letters/replay").body()).contains("\"count\":0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            {"from":"soon"}                          | from: 'soon' is neither a time like
            {"from":"2026-11-01"}                    | neither a time like 2026-11-01T09:15:00Z
            {"from":"2parsec"}                       | '2parsec' is not a duration
            {"from":""}                              | from is not a text, or is blank
            {"from":"2999-01-01T00:00:00Z"}          | from lies in the future
            {"from":"j1-?"}                          | from is not a position of this journal
            {"to":"j1--1"}                           | to is not a position of this journal
            {"from":"j1-zzzzzz"}                     | from lies beyond the journal's end, j1-
            {"to":"j1-zzzzzz"}                       | to lies beyond the journal's end, j1-
            {"from":"1h","to":"2h"}                  | from lies after to
            {"from":"1h","to":"2001-01-01T00:00:00Z"} | from lies after to
            {"type":"dev.tidemark.mailbox.mesage.*"} | the nearest that does is dev.tidemark.mailbox.message.*
            {"mailbox":"zoe@example.com"}            | no mailbox is called 'zoe@example.com' here
            {"mailbox":"mbx_aaaaaaaaaaaaaaaa"}       | no mailbox has the id 'mbx_aaaaaaaaaaaaaaaa' here
            {"mailbox":"zoe"}                        | 'zoe' is neither a mailbox id nor an address
            {"rate":0}                               | rate is in events per second; send 1 to 10000
            """)
    void an_invalid_replay_request_is_refused_with_the_reason(String order, String detail) {
        var answer = send("/api/v1/sinks/crm/replay", order);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("\"type\":\"https://tidemark.dev/problems/bad-parameter\"", detail);
    }

    @Test
    void a_replay_can_be_seen_and_cancelled() {
        var bob = "{\"mailbox\":\"bob@example.com\",\"from\":\"1h\",\"to\":\"0s\"";
        assertThat(call("POST", "/api/v1/mailboxes/bob@example.com/pause").statusCode())
                .isEqualTo(202);
        assertThat(call("POST", "/api/v1/mailboxes/bob@example.com/resume").statusCode())
                .isEqualTo(202);
        // the sink must read them first
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !send("/api/v1/sinks/crm/replay", bob + ",\"dryRun\":true}")
                        .body()
                        .contains("\"count\":0"));
        var begun = YamlJsonCodec.fromJson(
                send("/api/v1/sinks/crm/replay", bob + ",\"rate\":7}").body());
        var id = String.valueOf(begun.get("replay"));

        // the sink is unreachable
        assertThat(items(get("/api/v1/replays")))
                .filteredOn(item -> item.contains(id))
                .singleElement()
                .asString()
                .contains("sink=crm", "done=0", "total=" + begun.get("count"), "rate=7", "from=j1-", "to=j1-");
        assertThat(command("status")).contains("replay " + id + " to crm: 0 of " + begun.get("count") + " events done");
        assertThat(command("replays", "list")).contains(id);
        assertThat(command("replays", "cancel", id)).contains(id + ": cancelled");
        problem("DELETE", "/api/v1/replays/" + id, 404);
        assertThat(get("/api/v1/replays").get("items")).asString().doesNotContain(id);
    }

    private static CommandEnvironment environment() {
        return new CommandEnvironment(
                Clock.systemUTC(),
                name -> Optional.of(name)
                        .filter("TIDEMARK_TOKEN"::equals)
                        .map(ignored -> TestDaemonConfig.token(folder)));
    }

    private String command(String... words) {
        var out = new StringWriter();
        var commands = TidemarkMain.commandLine(environment());
        commands.setOut(new PrintWriter(out));
        var all = Stream.concat(
                Stream.of(words), Stream.of("--admin", daemon.adminAddress().toString()));
        assertThat(commands.execute(all.toArray(String[]::new))).isZero();
        return out.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "2, sinks replay crm --from soon",
        "2, sinks replay crm --type nonsense",
        "1, sinks replay none",
        "1, replays cancel rpl_none",
        "2, dead-letters replay --all --sink none",
        "2, dead-letters list --sink none",
        "2, dead-letters list --limit 0",
        "2, mailboxes list --state bogus",
        "2, mailboxes list --group inboxs",
        "2, events tail --type mailbox.message.received"
    })
    void what_the_command_line_is_refused_is_one_sentence_and_a_code(int code, String line) {
        var err = new StringWriter();
        var commands = TidemarkMain.commandLine(environment());
        commands.setErr(new PrintWriter(err));
        var admin = " --admin " + daemon.adminAddress();
        assertThat(commands.execute((line + admin).split(" "))).isEqualTo(code);
        assertThat(err.toString().lines()).singleElement().asString().endsWith(".");
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

    @Test
    void the_status_exits_with_0_though_something_is_not_well() {
        command("sinks", "disable", "crm");
        try {
            assertThat(command("status")).startsWith("not well").contains("sink crm disabled");
        } finally {
            command("sinks", "enable", "crm");
        }
    }

    @Test
    void the_command_line_speaks_to_it() {
        var out = new StringWriter();
        var commands = TidemarkMain.commandLine(environment());
        commands.setOut(new PrintWriter(out));
        var admin = daemon.adminAddress().toString();

        assertThat(commands.execute("status", "--admin", admin)).isZero();
        assertThat(commands.execute("mailboxes", "list", "--admin", admin)).isZero();
        assertThat(commands.execute("mailboxes", "show", "ada@example.com", "--admin", admin))
                .isZero();
        assertThat(commands.execute("sinks", "list", "--admin", admin)).isZero();
        assertThat(commands.execute("dead-letters", "list", "--sink", "crm", "--since", "2h", "--admin", admin))
                .isZero();
        assertThat(commands.execute("mailboxes", "resync", "ada@example.com", "--reason", "why not", "--admin", admin))
                .isZero();
        assertThat(out.toString()).contains("instance gw1", "bob@example.com", "sink crm", "next: ", "history:");
        commands.setErr(new PrintWriter(new StringWriter()));
        assertThat(commands.execute("mailboxes", "show", "zoe@example.com", "--admin", admin))
                .isEqualTo(1);
    }

    private HttpResponse<Stream<String>> openStream(String query, String... headers) {
        var request = request("/api/v1/events/stream" + query);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofLines());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// Returns the ids of the first events.
    private List<String> firstIds(String query, int count, String... headers) {
        var response = openStream(query, headers);
        assertThat(response.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
        assertThat(response.headers().firstValue("content-length")).isEmpty();
        try (var lines = response.body()) {
            return lines.filter(line -> line.startsWith("id: "))
                    .map(line -> line.substring("id: ".length()))
                    .limit(count)
                    .toList();
        }
    }

    @Test
    void streams_the_journal_with_the_positions_of_its_pages() {
        call("POST", "/api/v1/sinks/crm/disable");
        call("POST", "/api/v1/sinks/crm/enable");
        await().until(() -> positions().size() == 2);
        var pages = positions();

        assertThat(firstIds("", 2)).isEqualTo(pages);
        assertThat(firstIds("", 1, "Last-Event-ID", pages.getFirst())).containsExactly(pages.getLast());
        assertThat(firstIds("?after=" + pages.getFirst(), 1)).containsExactly(pages.getLast());
    }

    private List<String> positions() {
        return ((List<?>) get("/api/v1/events?limit=2").get("items"))
                .stream()
                        .map(item -> String.valueOf(((Map<?, ?>) item).get("position")))
                        .toList();
    }

    @Test
    void a_stream_refuses_what_a_page_refuses() {
        assertThat(problem("GET", "/api/v1/events/stream?afer=now", 400).body()).contains("after");
        problem("GET", "/api/v1/events/stream?after=nonsense", 400);
        problem("GET", "/api/v1/events/stream?mailbox=zoe@example.com", 400);
        assertThat(call("GET", "/api/v1/events/stream", "Last-Event-ID", "nonsense")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void open_streams_are_limited_and_a_client_that_leaves_makes_room() {
        var open = new ArrayList<HttpResponse<Stream<String>>>();
        for (var i = 0; i < 100; i++) {
            open.add(openStream("?after=now"));
        }
        try (var refused = openStream("?after=now").body()) {
            assertThat(refused.collect(Collectors.joining())).contains("too-many-streams", "\"limit\":100");
        }

        open.forEach(each -> each.body().close());
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            try (var lines = openStream("?after=now").body()) {
                return lines.findFirst().filter(":"::equals).isPresent();
            }
        });
    }
}
