package dev.tidemark.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Compares `openapi.yaml` with a running daemon, in both directions: routes, parameters, statuses and fields.
///
/// A new route needs its description there and a call in a step of this test.
@Timeout(300)
@TestInstance(Lifecycle.PER_CLASS)
final class OpenApiTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String MAILBOX = "/api/v1/mailboxes/mailbox1@example.com";
    private static final String ABSENT = "/api/v1/mailboxes/absent@example.com";
    private static final int MAILBOXES = 12;

    /// Responses that a running daemon with a small store gives only by chance.
    private static final Set<String> NOT_EXERCISED = Set.of(
            // a start blocks this thread; TidemarkDaemonTest sees both
            "GET /health/started 503",
            "GET /health/ready 503",
            // needs a hundred streams; StreamLimiterTest counts them
            "GET /api/v1/events/stream 503",
            // a small store is copied before the second request arrives
            "POST /api/v1/backup 409");

    @TempDir
    static Path folder;

    private final SimulatedExchange exchange =
            SimulatedExchange.start(SimulatorConfig.defaults().withSpeed(30), Clock.systemUTC());
    private final ConformanceReceiver receiver = new ConformanceReceiver();
    private final ConformanceReceiver refusing = new ConformanceReceiver();

    @SuppressWarnings("NullAway.Init")
    private TidemarkDaemon daemon;

    @SuppressWarnings("NullAway.Init")
    private OpenApiDocument document;

    @SuppressWarnings("NullAway.Init")
    private OpenApiSession api;

    @BeforeAll
    void start() throws IOException {
        IntStream.rangeClosed(1, MAILBOXES).forEach(number -> exchange.addMailbox("mailbox" + number + "@example.com"));
        // long enough that the recovery of many mailboxes can be seen
        var slow = Map.of("operation", "Subscribe", "times", String.valueOf(MAILBOXES), "delay", "3s");
        exchange.order("slow-response", slow);
        refusing.respondWith(call -> ConformanceReceiver.Reply.of(400));
        daemon = TidemarkDaemon.start(config(""), Clock.systemUTC());
        document = OpenApiDocument.parse(text());
        api = new OpenApiSession(document, daemon.adminAddress(), token());
    }

    @AfterAll
    void stop() {
        api.close();
        daemon.close();
        exchange.close();
        receiver.close();
        refusing.close();
    }

    private TidemarkConfig config(String store) throws IOException {
        var mailboxes = IntStream.rangeClosed(1, MAILBOXES)
                .mapToObj(number -> "mailbox" + number + "@example.com")
                .collect(Collectors.joining(", "));
        var text = """
                instance: gw1
                connections: { lab: { url: '%s', auth: { type: none } } }
                listener: { bind: '127.0.0.1:0', public-url: 'http://127.0.0.1:0', drain: 0s }
                subscriptions:
                  - { name: inboxes, connection: lab, mailboxes: [ %s ], status-frequency: 1m, forward-to: [ crm, bad ] }
                sinks:
                  crm: { url: '%s', secret: '%s' }
                  bad: { url: '%s', secret: '%s', retry: [ 1s ] }
                egress: { allow: [ 127.0.0.0/8 ] }
                store: { url: 'jdbc:h2:file:./data/t', min-free: 1MiB%s }
                compensator: { rate: 1, sweep-interval: 250ms }
                admin: { bind: '127.0.0.1:0' }
                """.formatted(exchange.url(), mailboxes, receiver.url(), SECRET, refusing.url(), SECRET, store);
        return TidemarkConfig.read(Files.writeString(folder.resolve("t.yaml"), text), name -> Optional.empty());
    }

    private String token() throws IOException {
        return Files.readString(folder.resolve("data/admin-token")).strip();
    }

    private String text() throws IOException {
        try (var in = daemon.adminAddress().resolve("/openapi.yaml").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void every_route_is_described_with_its_parameters_and_no_other() {
        var described = document.operations().values().stream()
                .map(operation -> operation.name() + " " + operation.contract())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(described).isEqualTo(new TreeSet<>(daemon.adminRoutes()));
    }

    @Test
    void every_problem_is_described() throws IOException {
        var explained = Pattern.compile("(?m)^## ([a-z-]+)$")
                .matcher(Files.readString(PublishedSchemas.DOCS.resolve("problems.md")))
                .results()
                .map(heading -> "https://tidemark.dev/problems/" + heading.group(1))
                .toList();
        var type = OpenApiDocument.map(
                OpenApiDocument.map(document.schema("Problem").get("properties"))
                        .get("type"));
        assertThat(type.get("enum")).isEqualTo(explained);
    }

    @Test
    void every_response_is_as_described_and_every_field_occurs() throws IOException {
        repairs();
        staticFiles();
        mailboxes();
        events();
        sinks();
        deadLetters();
        provisioning();
        connections();
        reloads();
        backups();
        checks();
        refusals();
        retention();

        var expected = new TreeSet<>(document.fields());
        document.operations().values().forEach(operation -> {
            operation.responses().keySet().forEach(status -> expected.add(operation.name() + " " + status));
            operation.query().forEach(name -> expected.add(operation.name() + " ?" + name));
        });
        expected.removeAll(NOT_EXERCISED);
        expected.removeAll(api.seen());
        assertThat(expected).as("described, but never seen").isEmpty();
    }

    private void repairs() {
        await().until(() -> at(api.get("/api/v1/status"), "compensations", "recovery") != null);
        await().until(() ->
                at(api.get("/api/v1/status"), "mailboxes", "active") instanceof Integer active && active == MAILBOXES);
        exchange.mailbox("mailbox1@example.com").deliver("first");
        await().until(() -> !items(api.get("/api/v1/dead-letters")).isEmpty());
        assertThat(items(api.get("/api/v1/connections"))).hasSize(1);
        assertThat(items(api.get("/api/v1/nodes"))).hasSize(1);
        api.get("/api/v1/diagnostics");
    }

    private void staticFiles() {
        for (var path : List.of("/", "/page/app.js", "/page/uplot.css", "/favicon.svg", "/openapi.yaml", "/metrics")) {
            api.get(path);
        }
        api.expect(404, "GET", "/page/absent.js", "");
        for (var path : List.of("/health/live", "/health/started", "/health/ready")) {
            api.get(path);
        }
    }

    private void mailboxes() {
        var page = api.get("/api/v1/mailboxes?limit=1&state=active&group=inboxes&q=mailbox");
        api.get("/api/v1/mailboxes?after=" + page.get("next"));
        var worst = api.get("/api/v1/mailboxes?limit=1&sort=worst");
        api.get("/api/v1/mailboxes?sort=worst&after=" + worst.get("next"));
        api.expect(400, "GET", "/api/v1/mailboxes?sort=address&after=" + worst.get("next"), "");
        api.expect(400, "GET", "/api/v1/mailboxes?limit=0", "");
        api.get(MAILBOX);
        api.expect(404, "GET", ABSENT, "");
        for (var action : List.of("resubscribe", "resync", "pause", "resume")) {
            api.post(404, ABSENT + "/" + action);
        }
        api.post(409, MAILBOX + "/resume");
        api.post(202, MAILBOX + "/pause?reason=moves");
        for (var action : List.of("resubscribe", "resync", "pause")) {
            api.post(409, MAILBOX + "/" + action);
        }
        api.post(202, MAILBOX + "/resume?reason=moved");
        api.post(202, MAILBOX + "/resubscribe?reason=test");
        exchange.order("slow-response", Map.of("operation", "SyncFolderItems", "times", "3", "delay", "5s"));
        api.post(202, MAILBOX + "/resync?reason=test");
        await().until(() -> api.get(MAILBOX).get("resync") != null);
        await().until(() -> !((List<?>) at(api.get("/api/v1/status"), "resyncs", "longest")).isEmpty());
        await().until(() -> api.get(MAILBOX).get("resync") == null);
    }

    private void events() {
        var page = api.get("/api/v1/events?limit=1&mailbox=mailbox1@example.com&type=dev.tidemark.*");
        api.get("/api/v1/events?after=" + page.get("next") + "&added=true&folder=inbox");
        api.get("/api/v1/events?after=now&wait=1");
        api.expect(400, "GET", "/api/v1/events?type=nonsense", "");
        api.get("/api/v1/events/" + ((Map<?, ?>) ((List<?>) page.get("items")).getFirst()).get("position"));
        api.expect(400, "GET", "/api/v1/events/j1-%20", "");
        var all = "?mailbox=mailbox1@example.com&type=dev.tidemark.*&folder=inbox&added=true&after=";
        // a comment begins each stream; EventStreamApiTest reads the events
        assertThat(api.firstLineOf("/api/v1/events/stream")).startsWith(":");
        assertThat(api.firstLineOf("/api/v1/events/stream" + all + page.get("next")))
                .startsWith(":");
        api.expect(400, "GET", "/api/v1/events/stream?type=nonsense", "");
        api.expect(404, "GET", "/api/v1/events/evt_absent", "");
    }

    private void sinks() {
        api.get("/api/v1/sinks");
        api.get("/api/v1/activity");
        api.get("/api/v1/sinks/crm");
        api.expect(404, "GET", "/api/v1/sinks/absent", "");
        for (var action : List.of("disable", "enable")) {
            api.post(202, "/api/v1/sinks/crm/" + action);
        }
        api.post(200, "/api/v1/sinks/crm/test");
        for (var action : List.of("disable", "enable", "test", "replay")) {
            api.post(404, "/api/v1/sinks/absent/" + action);
        }
        api.post(400, "/api/v1/sinks/crm/replay", Map.of("form", "1h"));
        // the sink must read them first
        await().until(() -> !Integer.valueOf(0)
                .equals(api.post(200, "/api/v1/sinks/crm/replay", Map.of("dryRun", true))
                        .get("count")));
        var begun = api.post(
                202,
                "/api/v1/sinks/crm/replay",
                Map.of("from", "1h", "to", "0s", "mailbox", "mailbox1@example.com", "type", "*", "rate", 1));
        assertThat(items(api.get("/api/v1/replays"))).hasSize(1);
        api.expect(204, "DELETE", "/api/v1/replays/" + begun.get("replay"), "");
        api.expect(404, "DELETE", "/api/v1/replays/" + begun.get("replay"), "");
    }

    private void deadLetters() {
        var path = "/api/v1/dead-letters";
        var page = api.get(path + "?limit=1&sink=bad&mailbox=mailbox1@example.com&type=dev.tidemark.*&since=1h");
        api.get(path + "?after=" + page.get("next"));
        api.expect(400, "GET", path + "?sink=absent", "");
        var letter = path + "/" + items(page).getFirst().get("id");
        api.post(202, letter + "/replay");
        api.post(404, path + "/dl_absent/replay");
        await().until(() -> items(api.get(path)).size() > 1);
        api.expect(204, "DELETE", path + "/" + items(api.get(path)).getLast().get("id"), "");
        api.expect(404, "DELETE", path + "/dl_absent", "");
        api.post(202, path + "/replay?sink=bad");
        api.post(200, path + "/replay?sink=crm");
        api.post(400, path + "/replay?sink=absent");
    }

    private void provisioning() {
        var path = "/api/v1/groups/inboxes/mailboxes/new@example.com";
        api.expect(201, "PUT", path, "");
        api.expect(200, "PUT", path, "");
        api.expect(204, "DELETE", path, "");
        api.expect(404, "DELETE", path, "");
        forgetting();
        var configured = "/api/v1/groups/inboxes/mailboxes/mailbox1@example.com";
        for (var method : List.of("PUT", "DELETE")) {
            api.expect(409, method, configured, "");
        }
        api.expect(404, "PUT", "/api/v1/groups/absent/mailboxes/new@example.com", "");
        api.expect(400, "PUT", "/api/v1/groups/inboxes/mailboxes/new", "");
        for (var action : List.of("pause", "resume", "resubscribe", "resync")) {
            var all = Map.<String, Object>of("group", "inboxes", "connection", "lab", "state", "silent");
            api.post(202, "/api/v1/mailboxes/-/" + action, all);
            api.post(400, "/api/v1/mailboxes/-/" + action, Map.of("state", "nonsense"));
        }
    }

    private void forgetting() {
        var removed = "/api/v1/mailboxes/new@example.com";
        api.expect(400, "DELETE", removed, "");
        api.expect(200, "DELETE", removed + "?forget=true", "");
        api.expect(404, "DELETE", removed + "?forget=true", "");
        api.expect(409, "DELETE", MAILBOX + "?forget=true", "");
    }

    private void connections() {
        var path = "/api/v1/connections/lab";
        api.post(202, path + "/pause?for=1h");
        api.post(202, path + "/resume");
        api.post(400, path + "/pause?for=soon");
        for (var action : List.of("pause", "resume")) {
            api.post(404, "/api/v1/connections/absent/" + action);
        }
    }

    private void reloads() throws IOException {
        api.post(200, "/-/reload?force=true");
        api.post(400, "/-/reload?force=perhaps");
        var file = folder.resolve("t.yaml");
        var valid = Files.readString(file);
        Files.writeString(file, valid + "nonsense: true\n");
        api.post(422, "/-/reload");
        Files.writeString(file, valid);
        api.post(200, "/-/reload");
    }

    private void backups() throws IOException {
        var backup = operation(folder.resolve("backup"));
        assertThat(backup.get("position")).isNotNull();
        assertThat(operation(Files.createDirectories(folder.resolve("used/in")).resolveSibling(""))
                        .get("error"))
                .isNotNull();
        api.post(400, "/api/v1/backup", Map.of("to", "relative"));
        api.expect(404, "GET", "/api/v1/operations/absent", "");
        api.expect(400, "GET", "/api/v1/operations/" + backup.get("id") + "?wait=-1", "");
    }

    private Map<String, Object> operation(Path to) {
        var begun = api.post(202, "/api/v1/backup", Map.of("to", to.toString()));
        var path = "/api/v1/operations/" + begun.get("operation") + "?wait=1";
        await().until(() -> api.get(path).get("finishedAt") != null);
        return api.get(path);
    }

    private void checks() {
        api.post(400, "/api/v1/check", Map.of("wait", "1h"));
        var begun = api.post(202, "/api/v1/check", Map.of("wait", "1m"));
        api.post(409, "/api/v1/check");
        var path = "/api/v1/operations/" + begun.get("operation") + "?wait=1";
        await().until(() -> api.get(path).get("finishedAt") != null);
        assertThat(((List<?>) api.get(path).get("steps"))
                        .stream().map(OpenApiDocument::map).map(step -> step.get("name")))
                .contains("log-in", "callback", "sink");
    }

    private void refusals() {
        document.operations().values().stream()
                .filter(operation -> operation.contract().matches("role=(read|operate) .*"))
                .map(operation -> operation.name().replaceAll("\\{[a-z]+}", "x"))
                .forEach(line -> {
                    var space = line.indexOf(' ');
                    var problem = api.withoutToken(line.substring(0, space), line.substring(space + 1));
                    assertThat(problem).as(line).containsEntry("status", 401);
                });
    }

    /// Starts the daemon again with a short retention, so that a position expires.
    private void retention() throws IOException {
        var first = api.get("/api/v1/events?limit=1").get("next");
        daemon.close();
        daemon = TidemarkDaemon.start(config(", retention: 1s, max-undelivered: 1s"), Clock.systemUTC());
        api.moveTo(daemon.adminAddress(), token());
        await().until(() -> !String.valueOf(first)
                .equals(String.valueOf(api.get("/api/v1/events?limit=1").get("next"))));
        api.expect(410, "GET", "/api/v1/events?after=" + first, "");
        api.expect(410, "GET", "/api/v1/events/stream?after=" + first, "");
    }

    private static Object at(Map<String, Object> tree, String outer, String inner) {
        return OpenApiDocument.map(tree.get(outer)).get(inner);
    }

    private static List<Map<String, Object>> items(Map<String, Object> page) {
        return ((List<?>) page.get("items")).stream().map(OpenApiDocument::map).toList();
    }
}
