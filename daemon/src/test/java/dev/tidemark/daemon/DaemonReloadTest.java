package dev.tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tests the reload of a whole daemon through its admin API.
@Timeout(300)
final class DaemonReloadTest {
    private static final String TEXT = TestDaemonConfig.TEXT.replace(
            "mailboxes: [ ada@example.com, bob@example.com ]", "mailboxes-file: list.txt");

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private TidemarkDaemon daemon;

    @BeforeEach
    void start() throws IOException {
        writeList(mailboxes(100));
        Files.writeString(file(), TEXT);
        daemon = TidemarkDaemon.start(
                TidemarkConfig.read(file(), name -> Optional.of(ConfigFileTest.SECRET)), Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        daemon.close();
        http.close();
    }

    @Test
    void an_unchanged_configuration_changes_nothing() {
        assertThat(reload("")).isEqualTo("200 {\"changed\":[],\"restartNeeded\":[]}");
    }

    @Test
    void a_faulty_file_changes_nothing_and_is_seen_everywhere() throws IOException {
        Files.writeString(file(), TEXT.replace("crm: { url", "crm: { oredring: none, url"));
        var rejected = reload("");
        assertThat(rejected)
                .startsWith("422 ")
                .contains("\"type\":")
                .contains("\"faults\":[{\"file\":\"" + file() + "\",\"line\":")
                .contains("the nearest name is ordering");
        assertThat(get("/metrics")).contains("tidemark_config_last_reload_successful 0.0");
        assertThat(get("/api/v1/status")).contains("\"area\":\"configuration\"", "oredring");
        assertThat(get("/health/ready")).contains("\"status\":\"up\"", "oredring");
        assertThat(states()).hasSize(100);

        Files.writeString(file(), TEXT);
        assertThat(reload("")).startsWith("200 ");
        assertThat(get("/metrics")).contains("tidemark_config_last_reload_successful 1.0");
        assertThat(get("/api/v1/status")).doesNotContain("\"area\":\"configuration\"");
    }

    @Test
    void mailboxes_groups_sinks_and_limits_change_without_a_restart() throws IOException {
        writeList(List.of("m0@example.com", "new@example.com"));
        Files.writeString(
                file(),
                TEXT.replace("Exchange.asmx' }", "Exchange.asmx', limits: { concurrency: 3 } }")
                        .replace(
                                "forward-to: [ crm ] }",
                                "forward-to: [ bus ] }\n  - { name: rooms, connection: onprem, mailboxes:"
                                        + " [ room@example.com ], forward-to: [ bus ] }")
                        .replace("crm: {", "bus: {"));
        var result = reload("?force=true");
        assertThat(result)
                .startsWith("200 ")
                .contains(
                        "connections.onprem.limits.concurrency changed",
                        "sinks.bus added",
                        "sinks.crm removed",
                        "subscriptions.rooms added",
                        "subscriptions.inboxes.mailboxes: 1 added, 99 removed");
        assertThat(states()).hasSize(3).containsKeys("room@example.com", "new@example.com");
        assertThat(get("/api/v1/sinks")).contains("\"bus\"").doesNotContain("\"crm\"");
        assertThat(get("/api/v1/connections")).contains("\"concurrencyLimit\":3");
        assertThat(get("/metrics")).contains("sink=\"bus\"").doesNotContain("sink=\"crm\"");
    }

    @Test
    void a_connection_that_is_new_or_gone_needs_no_restart() throws IOException {
        Files.writeString(file(), TEXT.replace("onprem", "cloud"));
        assertThat(reload("")).contains("connections.cloud added", "connections.onprem removed");
        assertThat(get("/api/v1/connections")).contains("cloud").doesNotContain("onprem");
        assertThat(get("/metrics")).contains("connection=\"cloud\"").doesNotContain("connection=\"onprem\"");
    }

    @Test
    void a_changed_secret_is_named_but_not_shown() throws IOException {
        change(
                "url: 'http://127.0.0.1:9/EWS/Exchange.asmx'",
                "url: 'http://127.0.0.1:9/EWS/Exchange.asmx'"
                        + ", auth: { type: basic, username: svc, password: first-password }");
        assertThat(reload(""))
                .contains("connections.onprem.auth.password changed")
                .doesNotContain("first-password");
        change("first-password", "second-password");
        assertThat(reload(""))
                .contains("connections.onprem.auth.password changed")
                .doesNotContain("second-password");
        assertThat(reload("")).contains("\"changed\":[]");
    }

    @Test
    void keys_that_need_a_restart_are_named_and_keep_their_value() throws IOException {
        change("min-free: 1MiB", "min-free: 2MiB, retention: 3d");
        change("drain: 0s", "drain: 0s, workers: 3");
        change("instance: gw1", "instance: gw2");
        var restart = "\"restartNeeded\":[\"instance\",\"listener.workers\",\"store.min-free\",\"store.retention\"]";
        assertThat(reload("")).isEqualTo("200 {\"changed\":[]," + restart + "}");
        assertThat(reload("")).contains(restart);
        assertThat(get("/api/v1/status")).contains("\"gw1\"");
    }

    @Test
    void a_list_that_became_empty_is_rejected_unless_it_is_forced() throws IOException {
        writeList(List.of());
        assertThat(reload(""))
                .startsWith("422 ")
                .contains("list.txt", "'inboxes' has no mailboxes anymore", "--force")
                .doesNotContain("\"line\":1,");
        assertThat(states()).hasSize(100);
        assertThat(reload("?force=true")).contains("subscriptions.inboxes.mailboxes: 0 added, 100 removed");
        assertThat(states()).isEmpty();
    }

    @Test
    void the_loss_of_a_tenth_is_accepted_and_of_more_is_not() throws IOException {
        writeList(mailboxes(89));
        assertThat(reload("")).startsWith("422 ").contains("lost 11 of 100 mailboxes");
        // on a machine that stalls, the watcher of the list may be faster
        for (var rest : List.of(90, 80)) {
            writeList(mailboxes(rest));
            assertThat(reload("")).startsWith("200 ");
            assertThat(states()).hasSize(rest);
        }
    }

    @Test
    void mailboxes_that_move_to_another_group_are_not_lost() throws IOException {
        var rest = mailboxes(50);
        var moved = mailboxes(100).stream().filter(each -> !rest.contains(each)).toList();
        writeList(rest);
        change(
                "  - { name: inboxes",
                "  - { name: others, connection: onprem, mailboxes: " + moved + " }\n  - { name: inboxes");
        assertThat(reload("")).contains("inboxes.mailboxes: 0 added, 50 removed", "others.mailboxes: 50 added");
    }

    @Test
    void a_list_that_is_cut_off_is_rejected() throws IOException {
        var whole = Files.readString(folder.resolve("list.txt"));
        for (var length : List.of(whole.length() - 1 - "example.com\nm99@example.com".length(), whole.length() - 2)) {
            Files.writeString(folder.resolve("list.txt"), whole.substring(0, length));
            assertThat(reload("")).startsWith("422 ");
        }
        Files.writeString(
                folder.resolve("list.txt"), whole.substring(0, whole.length() - "\nm99@example.com\n".length()));
        assertThat(reload("")).startsWith("422 ").contains("cut off");
        // without its last line break only, the list is complete
        Files.writeString(folder.resolve("list.txt"), whole.stripTrailing());
        assertThat(reload("")).startsWith("200 ");
        assertThat(states()).hasSize(100);
    }

    @Test
    void a_changed_list_is_read_without_being_asked() throws IOException {
        var more = mailboxes(101);
        writeList(more);
        await().untilAsserted(() -> assertThat(states()).hasSize(101));
        writeList(List.of("not an address"));
        await().untilAsserted(() -> assertThat(get("/api/v1/status")).contains("\"area\":\"configuration\""));
        writeList(more);
        daemon.reload("test");
        await().untilAsserted(() -> assertThat(get("/api/v1/status")).doesNotContain("\"area\":\"configuration\""));
    }

    @Test
    void an_unknown_word_for_force_is_rejected() {
        assertThat(reload("?force=perhaps")).startsWith("400 ");
    }

    private Path file() {
        return folder.resolve("t.yaml");
    }

    private void change(String from, String to) throws IOException {
        Files.writeString(file(), Files.readString(file()).replace(from, to));
    }

    private static List<String> mailboxes(int count) {
        return IntStream.range(0, count).mapToObj(i -> "m" + i + "@example.com").toList();
    }

    private void writeList(List<String> addresses) throws IOException {
        Files.writeString(
                folder.resolve("list.txt"),
                addresses.stream().map(each -> each + "\n").collect(Collectors.joining()));
    }

    private Map<String, String> states() {
        var tree = YamlJsonCodec.fromJson(get("/api/v1/mailboxes?limit=1000"));
        var items = (List<?>) tree.get("items");
        return items.stream()
                .map(Map.class::cast)
                .collect(Collectors.toMap(
                        item -> String.valueOf(item.get("address")), item -> String.valueOf(item.get("state"))));
    }

    private String reload(String query) {
        return send(
                request("/-/reload" + query).POST(BodyPublishers.ofString("")).build(), true);
    }

    private String get(String path) {
        return send(request(path).build(), false);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(daemon.adminAddress() + path))
                .header("Authorization", "Bearer " + TestDaemonConfig.token(folder));
    }

    private String send(HttpRequest request, boolean withStatus) {
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            return (withStatus ? response.statusCode() + " " : "") + response.body();
        } catch (IOException e) {
            throw new AssertionError("no response", e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
