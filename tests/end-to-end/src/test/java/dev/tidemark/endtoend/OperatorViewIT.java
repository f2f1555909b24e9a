package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.authservers.RequestGuard;
import dev.tidemark.daemon.command.TidemarkMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Checks that problems show everywhere an operator looks: `status`, readiness, metrics, API, events and log, with
/// cause and remedy. Checks that an operator's request is tried at once.
final class OperatorViewIT {
    private static final String ADA = "ada@example.com";
    private static final String GRACE = "grace@example.com";
    private static final String CONNECTION = "connection";
    private static final String BASIC = "{ type: basic, username: svc, password: sesame }";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private EndToEndScene scene;

    @BeforeEach
    void open() {
        scene = EndToEndScene.in(folder, ADA, GRACE);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void a_check_prints_its_steps_without_log_lines_between_them() throws Exception {
        var file = scene.config().write(folder).toString();
        var result = CommandRunner.tidemark("check", "--connect", "--wait", "60s", "--config", file);
        assertThat(result.exit()).as(result::all).isZero();
        assertThat(result.out()).last().asString().contains("steps passed");
        assertThat(result.out()).noneMatch(OperatorViewIT::isLogLine);
        assertThat(result.err()).noneMatch(OperatorViewIT::isLogLine);
    }

    private static boolean isLogLine(String line) {
        return line.matches("\\d{4}-\\d\\d-\\d\\dT.*");
    }

    @Test
    void a_refused_password_shows_everywhere_and_a_resubscribe_after_the_repair_is_tried_at_once() throws Exception {
        var guard = new AtomicReference<>(RequestGuard.basic("svc", "another"));
        try (var door = new GuardedFrontEnd(
                scene.exchange().url(), exchange -> guard.get().allows(exchange), Optional.empty())) {
            scene.with(CONNECTION, "url", door.url().toString()).with(CONNECTION, "auth", BASIC);
            var daemon = scene.start();
            awaitState(ADA, "failed");
            awaitState(GRACE, "failed");

            assertStatus(
                    "not well",
                    "connection lab unavailable since",
                    "Http401",
                    "2 mailboxes failed since 2",
                    "remedy: ");
            assertThat(status("--json")).contains("\"well\":false", "\"area\":\"connections\"");
            assertReady(200, "connections", "lab");
            assertMetrics("connection_available{connection=\"lab\"} 0.0", "problems{area=\"connections\"} 1.0");
            assertThat(connection().path("state").asString()).isEqualTo("unavailable");
            assertThat(command("connections", "list")).contains("unavailable", "Http401");
            EndToEndScene.await("the event")
                    .until(() -> !scene.webhook()
                            .story()
                            .events("dev.tidemark.connection.unavailable")
                            .isEmpty());
            assertWarned(daemon, "Connection lab");
            assertWarned(daemon, "failed and needs operator action: Http401");

            assertThat(command("mailboxes", "resubscribe", ADA)).contains("requested", "mailboxes show " + ADA);
            awaitOutcome("failed: Http401");
            assertWarned(daemon, "Operator's resubscribe of " + ADA + ": failed: Http401");

            guard.set(RequestGuard.basic("svc", "sesame"));
            command("mailboxes", "resubscribe", ADA);
            scene.awaitSubscribed();
            awaitOutcome("subscribed");
            assertThat(command("mailboxes", "show", ADA))
                    .contains("resubscribe requested by operator", "resubscribe: subscribed")
                    .doesNotContainPattern("\\d\\d:\\d\\d:\\d\\d\\.\\d");
            assertStatus("everything is well");
            assertThat(scene.admin().mailbox(ADA).path("lastError").isNull()).isTrue();
            assertMetrics("connection_available{connection=\"lab\"} 1.0", "problems{area=\"mailboxes\"} 0.0");
            assertThat(daemon.errorLines())
                    .anyMatch(line -> line.contains(" INFO ") && line.contains("Operator's resubscribe"));
        }
    }

    @Test
    void a_resume_and_a_resync_tell_their_outcome() throws Exception {
        scene.startSubscribed();
        command("mailboxes", "pause", ADA);
        assertThat(command("mailboxes", "resume", ADA)).contains("resume requested, state subscribing");
        awaitOutcome("subscribed");
        assertThat(command("mailboxes", "resync", ADA, "--reason", "after a restore"))
                .contains("resync requested");
        awaitOutcome("resynchronized");
        assertThat(command("mailboxes", "show", ADA)).contains("resync requested by operator", "after a restore");
    }

    @Test
    void a_public_url_that_exchange_cannot_reach_is_named_everywhere() throws Exception {
        scene.with("listener", "public-url", "http://127.0.0.1:9/push")
                .with("compensator", "first-callback", "2s")
                .with("compensator", "fallback", "{ after: 2, transport: poll, delay: 1s, min-delay: 1s }");
        var daemon = scene.start();
        EndToEndScene.await("lastError")
                .until(() -> scene.admin()
                        .mailbox(ADA)
                        .path("lastError")
                        .asString("")
                        .contains("127.0.0.1:9/push"));
        awaitState(ADA, "degraded");
        awaitState(GRACE, "degraded");

        var url = "http://127.0.0.1:9/push/ews/notifications/";
        assertStatus("not well", "2 mailboxes degraded", url, "public-url", "remedy: ");
        assertReady(200, "mailboxes", url);
        assertMetrics("problems{area=\"mailboxes\"} 2.0");
        assertThat(scene.admin().mailbox(ADA).path("lastError").asString()).contains(url);
        assertThat(command("mailboxes", "show", ADA))
                .contains("mailbox.push.degraded", "reason Exchange does not call");
        assertWarned(daemon, "Push does not work for mailbox " + ADA + ": Exchange does not call back at " + url);
        assertWarned(daemon, "Mailbox " + ADA + " is silent: Exchange does not call back at " + url);
    }

    static Stream<Arguments> sinks() {
        return Stream.of(
                Arguments.of("http://127.0.0.1:1/hook", "[ 127.0.0.0/8 ]", "held", "refuses connections"),
                Arguments.of("http://nowhere.invalid/hook", "[ 127.0.0.0/8 ]", "held", "nowhere.invalid"),
                Arguments.of("http://127.0.0.1:1/hook", "[ 192.0.2.0/24 ]", "refused", "egress.allow: [ 127.0.0.1"));
    }

    @ParameterizedTest
    @MethodSource("sinks")
    void a_sink_that_takes_nothing_shows_with_its_cause(String url, String allow, String state, String cause)
            throws Exception {
        scene.with("sink", "url", url).with("egress", "allow", allow);
        var daemon = scene.startSubscribed();
        scene.mailbox(ADA).deliver("undeliverable");
        EndToEndScene.await(state)
                .until(() -> scene.admin()
                        .get("/api/v1/sinks")
                        .at("/items/0/state")
                        .asString()
                        .equals(state));

        assertStatus("not well", "sink hook " + state + " since 2", cause, "remedy: ");
        assertReady(200, "sinks", cause);
        assertMetrics("problems{area=\"sinks\"} 1.0");
        assertWarned(daemon, "Sink hook is " + state);
    }

    @Test
    void a_mailbox_that_does_not_exist_shows_beside_a_connection_that_is_well() throws Exception {
        scene.with("group", "mailboxes", "[ " + ADA + ", absent@example.com ]");
        var daemon = scene.start();
        awaitState("absent@example.com", "failed");
        awaitState(ADA, "active");

        assertStatus("not well: 1 problem", "1 mailbox failed since 2", "ErrorNonExistentMailbox", "remedy: ");
        assertReady(200, "mailboxes", "ErrorNonExistentMailbox");
        assertThat(connection().path("state").asString()).isEqualTo("available");
        assertWarned(daemon, "Mailbox absent@example.com failed and needs operator action");
    }

    @Test
    void a_clock_of_exchange_that_is_far_apart_shows() throws Exception {
        scene.exchange().faults().clockOffset(Duration.ofHours(-3));
        // the wiretap has a separate clock
        scene.with(CONNECTION, "url", scene.exchange().url().toString());
        scene.startSubscribed();

        assertStatus("not well", "clock of connection lab behind: ", "differs from Tidemark's by 10", "NTP");
        assertReady(200, "clock", "NTP");
    }

    static Stream<Arguments> ways() {
        return Stream.of(
                Arguments.of(Map.of("url", "https://exchange.invalid/EWS/Exchange.asmx"), "host name"),
                Arguments.of(
                        Map.of("url", "https://exchange.example.com/EWS/Exchange.asmx", "proxy", "http://127.0.0.1:1"),
                        "proxy"));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_connection_that_leads_nowhere_shows_with_its_cause(Map<String, String> settings, String cause)
            throws Exception {
        settings.forEach((key, value) -> scene.with(CONNECTION, key, value));
        scene.start();
        EndToEndScene.await("unavailable")
                .until(() -> connection().path("state").asString().equals("unavailable"));

        assertStatus("not well", "connection lab unavailable", cause, "remedy: ");
        assertReady(200, "connections", cause);
        assertThat(List.of(ADA, GRACE))
                .allSatisfy(each -> assertThat(
                                scene.admin().mailbox(each).path("lastError").asString(""))
                        .isNotEmpty());
    }

    private void awaitState(String address, String state) {
        EndToEndScene.await(address + " " + state)
                .until(() -> scene.admin().state(address).equals(state));
    }

    private void awaitOutcome(String text) {
        EndToEndScene.await("outcome " + text)
                .until(() -> scene.admin()
                        .mailbox(ADA)
                        .at("/request/outcome")
                        .asString("")
                        .contains(text));
    }

    private JsonNode connection() {
        return scene.admin().get("/api/v1/connections").at("/items/0");
    }

    private void assertStatus(String first, String... others) {
        EndToEndScene.await(first).untilAsserted(() -> {
            var text = status();
            assertThat(text).startsWith(first);
            assertThat(List.of(others)).allMatch(text::contains, "in: " + text);
        });
    }

    private void assertReady(int code, String check, String cause) {
        var answer = scene.admin().request("/health/ready");
        assertThat(answer.statusCode()).isEqualTo(code);
        assertThat(answer.body()).contains("\"" + check + "\":\"down\"", cause);
    }

    private void assertMetrics(String... lines) {
        EndToEndScene.await("metrics")
                .untilAsserted(() -> assertThat(
                                scene.admin().request("/metrics").body())
                        .contains(
                                Stream.of(lines).map(line -> "tidemark_" + line).toList()));
    }

    private static void assertWarned(DaemonProcess daemon, String text) {
        EndToEndScene.await("warning: " + text)
                .until(() ->
                        daemon.errorLines().stream().anyMatch(line -> line.contains(" WARN ") && line.contains(text)));
    }

    private String status(String... options) {
        return command(Stream.concat(Stream.of("status"), Stream.of(options)).toArray(String[]::new));
    }

    /// Runs a command in this process, which takes a tenth of the time.
    private String command(String... words) {
        var command = TidemarkMain.commandLine();
        var out = new StringWriter();
        var err = new StringWriter();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        var exit = command.execute(
                Stream.concat(Stream.of(words), scene.adminOptions().stream()).toArray(String[]::new));
        assertThat(exit).as(() -> out + "\n" + err).isZero();
        return out.toString().strip();
    }
}
