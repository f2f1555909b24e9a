package dev.tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tests mailboxes that are added through the admin API of a whole daemon.
@Timeout(300)
final class ProvisioningTest {
    private static final String GROUP = "/api/v1/groups/inboxes/mailboxes/";

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private TidemarkDaemon daemon;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(file(), TestDaemonConfig.TEXT);
        run();
    }

    private void run() {
        daemon = TidemarkDaemon.start(
                TidemarkConfig.read(file(), name -> Optional.of(ConfigFileTest.SECRET)), Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        daemon.close();
        http.close();
    }

    @Test
    void a_mailbox_is_added_kept_and_removed() {
        assertThat(put("eve@example.com"))
                .startsWith("201 ")
                .contains("\"address\":\"eve@example.com\"", "\"group\":\"inboxes\"");
        assertThat(put("EVE@example.com")).startsWith("200 ");
        assertThat(delete("eve@example.com")).isEqualTo("204 ");
        assertThat(delete("eve@example.com")).startsWith("404 ");
        assertThat(get("/api/v1/mailboxes")).doesNotContain("eve@");
    }

    @Test
    void a_removed_mailbox_is_listed_on_request_and_shown_until_it_is_forgotten() {
        put("eve@example.com");
        var id = id("eve@example.com");
        delete("eve@example.com");

        assertThat(get("/api/v1/mailboxes?state=removed&group=inboxes&q=eve&sort=worst"))
                .startsWith("200 ")
                .contains("\"id\":\"" + id + "\"", "\"state\":\"removed\"", "\"silentAt\":null", "\"total\":1");
        for (var name : List.of(id, "EVE@example.com")) {
            assertThat(get("/api/v1/mailboxes/" + name))
                    .startsWith("200 ")
                    .contains(
                            "\"state\":\"removed\"",
                            "\"next\":{\"what\":\"nothing\",\"at\":null,\"why\":\"removed\"}",
                            "\"type\":\"mailbox.removed\"");
            assertThat(send("POST", "/api/v1/mailboxes/" + name + "/resync"))
                    .startsWith("409 ")
                    .contains("eve@example.com is removed; add it to a group first");
        }
        assertThat(get("/api/v1/events?mailbox=eve@example.com")).contains("mailbox.removed");
        assertThat(send("DELETE", "/api/v1/mailboxes/eve@example.com?forget=true"))
                .startsWith("200 ");
        assertThat(get("/api/v1/mailboxes?state=removed")).contains("\"total\":0");
        assertThat(get("/api/v1/mailboxes/" + id)).startsWith("404 ");
    }

    @Test
    void a_mailbox_of_a_connection_that_impersonates_by_sid_comes_from_the_configuration_only() throws IOException {
        assertThat(put("eve@example.com")).startsWith("201 ");
        Files.writeString(folder.resolve("list.csv"), "ada@example.com,S-1-5-21-1\n");
        Files.writeString(
                file(),
                TestDaemonConfig.TEXT
                        .replace("onprem: {", "onprem: { impersonate-by: sid,")
                        .replace("mailboxes: [ ada@example.com, bob@example.com ]", "mailboxes-file: list.csv"));
        reload();
        assertThat(put("dan@example.com")).startsWith("409 ").contains("impersonates by sid");
        assertThat(put("ada@example.com")).startsWith("409 ").contains("the configuration names ada@example.com");
        assertThat(delete("eve@example.com")).isEqualTo("204 ");
    }

    @Test
    void a_mailbox_that_the_configuration_names_or_another_group_holds_is_a_conflict() throws IOException {
        assertThat(put("ada@example.com")).startsWith("409 ").contains("the configuration names ada@example.com");
        assertThat(delete("ada@example.com")).startsWith("409 ");
        Files.writeString(
                file(),
                TestDaemonConfig.TEXT.replace(
                        "sinks:",
                        "  - { name: others, connection: onprem, mailboxes: [ ], forward-to: [ crm ] }\nsinks:"));
        reload();
        assertThat(put("eve@example.com")).startsWith("201 ");
        assertThat(send("PUT", "/api/v1/groups/others/mailboxes/eve@example.com"))
                .startsWith("409 ")
                .contains("in group 'inboxes'");
    }

    @Test
    void an_unknown_group_and_an_invalid_address_are_refused() {
        assertThat(send("PUT", "/api/v1/groups/missing/mailboxes/eve@example.com"))
                .startsWith("404 ")
                .contains("no group is called 'missing'");
        assertThat(put("eve")).startsWith("400 ").contains("not a mail address");
    }

    @Test
    void an_added_mailbox_survives_a_reload_and_a_restart() throws IOException {
        put("eve@example.com");
        var id = id("eve@example.com");
        Files.writeString(file(), TestDaemonConfig.TEXT.replace("bob@example.com", "cyd@example.com"));
        reload();
        assertThat(get("/api/v1/mailboxes")).contains("eve@", "cyd@").doesNotContain("bob@");
        daemon.close();
        run();
        assertThat(id("eve@example.com")).isEqualTo(id);
        assertThat(put("eve@example.com")).startsWith("200 ");
    }

    @Test
    void the_configuration_takes_over_an_added_mailbox_that_it_names() throws IOException {
        put("eve@example.com");
        var id = id("eve@example.com");
        Files.writeString(file(), TestDaemonConfig.TEXT.replace("bob@example.com", "bob@example.com, eve@example.com"));
        reload();
        assertThat(delete("eve@example.com")).startsWith("409 ");
        Files.writeString(file(), TestDaemonConfig.TEXT);
        reload();
        assertThat(get("/api/v1/mailboxes/eve@example.com")).contains("\"state\":\"removed\"");
        assertThat(put("eve@example.com")).startsWith("201 ");
        assertThat(id("eve@example.com")).isEqualTo(id);
    }

    @Test
    void many_mailboxes_are_added_at_once() throws Exception {
        var count = Integer.getInteger("provisioning.mailboxes", 500);
        var begin = System.nanoTime();
        var answers = new ArrayList<Future<String>>();
        try (var threads = Executors.newFixedThreadPool(32)) {
            for (var i = 0; i < count; i++) {
                var address = "box" + i + "@example.com";
                answers.add(threads.submit((Callable<String>) () -> put(address)));
            }
        }
        for (var answer : answers) {
            assertThat(answer.get()).startsWith("201 ");
        }
        var millis = (System.nanoTime() - begin) / 1_000_000;
        System.getLogger("figures").log(System.Logger.Level.INFO, "{0} mailboxes added in {1} ms", count, millis);
        await().untilAsserted(() -> assertThat(get("/api/v1/mailboxes?q=box&limit=1000"))
                .contains("box0@example.com", "box" + (Math.min(count, 500) - 1) + "@example.com"));
    }

    @Test
    void an_action_on_many_mailboxes_is_an_operation_with_progress() {
        var operation = operation("pause", "{\"group\":\"inboxes\"}");
        assertThat(operation).contains("\"kind\":\"mailboxes-pause\"", "\"done\":2", "\"total\":2", "\"failed\":0");
        assertThat(get("/api/v1/mailboxes?state=paused")).contains("ada@", "bob@");
        assertThat(operation("resync", "{\"state\":\"paused\"}")).contains("\"done\":2", "\"failed\":2");
        assertThat(operation("resume", "{\"connection\":\"onprem\"}")).contains("\"done\":2", "\"failed\":0");
        assertThat(get("/api/v1/mailboxes?state=paused")).doesNotContain("ada@");
        assertThat(operation("resubscribe", "{}")).contains("\"done\":2", "\"failed\":0");
    }

    @Test
    void an_action_on_an_unknown_selection_is_refused() {
        assertThat(send("POST", "/api/v1/mailboxes/-/pause", "{\"grop\":\"inboxes\"}"))
                .startsWith("400 ")
                .contains("nearest is group");
        assertThat(send("POST", "/api/v1/mailboxes/-/pause", "{\"state\":\"sleepy\"}"))
                .startsWith("400 ");
        assertThat(send("POST", "/api/v1/mailboxes/-/pause", "{\"group\":\"missing\"}"))
                .startsWith("400 ");
    }

    @Test
    void a_connection_is_paused_and_resumed() {
        assertThat(send("POST", "/api/v1/connections/onprem/pause?for=2h"))
                .startsWith("202 ")
                .contains("\"state\":\"paused\"", "\"backoffUntil\":\"");
        assertThat(get("/api/v1/status")).contains("An operator paused the connection");
        assertThat(send("POST", "/api/v1/connections/onprem/resume")).startsWith("202 ");
        assertThat(get("/api/v1/connections")).doesNotContain("\"paused\"");
        assertThat(send("POST", "/api/v1/connections/missing/pause")).startsWith("404 ");
        assertThat(send("POST", "/api/v1/connections/onprem/pause?for=soon")).startsWith("400 ");
    }

    private String operation(String action, String body) {
        var started = send("POST", "/api/v1/mailboxes/-/" + action, body);
        assertThat(started).startsWith("202 ");
        var id = started.replaceFirst(".*\"operation\":\"([^\"]+)\".*", "$1");
        await().untilAsserted(() -> assertThat(get("/api/v1/operations/" + id)).doesNotContain("\"finishedAt\":null"));
        return get("/api/v1/operations/" + id);
    }

    private Path file() {
        return folder.resolve("t.yaml");
    }

    private String id(String address) {
        return get("/api/v1/mailboxes/" + address).replaceFirst(".*?\"id\":\"([^\"]+)\".*", "$1");
    }

    private void reload() {
        assertThat(send("POST", "/-/reload")).startsWith("200 ");
    }

    private String put(String address) {
        return send("PUT", GROUP + address);
    }

    private String delete(String address) {
        return send("DELETE", GROUP + address);
    }

    private String get(String path) {
        return send("GET", path);
    }

    private String send(String method, String path) {
        return send(method, path, "");
    }

    private String send(String method, String path, String body) {
        try {
            var request = HttpRequest.newBuilder(URI.create(daemon.adminAddress() + path))
                    .header("Authorization", "Bearer " + TestDaemonConfig.token(folder))
                    .method(method, BodyPublishers.ofString(body))
                    .build();
            var response = http.send(request, BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        } catch (IOException e) {
            throw new AssertionError("no response", e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
