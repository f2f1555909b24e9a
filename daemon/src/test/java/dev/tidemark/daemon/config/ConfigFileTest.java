package dev.tidemark.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.compensator.FallbackConfig;
import dev.tidemark.compensator.PollDelay;
import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.subscriber.config.FolderPath;
import dev.tidemark.subscriber.config.SnapshotScope;
import dev.tidemark.subscriber.config.StreamConfig;
import dev.tidemark.subscriber.config.WatchedFolders;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class ConfigFileTest {
    public static final String SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    /// Lines 1 to 22; a test adds its lines from line 23.
    public static final String SOUND = """
        instance: gw1
        connections:
          onprem:
            url: https://mail.example.com/EWS/Exchange.asmx
            auth:
              type: basic
              username: svc
              password: ${env:EWS_PASSWORD}
        listener:
          public-url: https://push.example.com/in
        subscriptions:
          - name: inboxes
            connection: onprem
            mailboxes: [ Ada@Example.com ]
            forward-to: [ crm ]
        sinks:
          crm:
            url: https://crm.example.com/hooks
            secret: ${env:CRM_SECRET}
        store:
          url: jdbc:h2:file:./data/t
          retention: 3d
        """;

    @TempDir
    Path folder;

    private TidemarkConfig read(String text) throws IOException {
        var file = Files.writeString(folder.resolve("t.yaml"), text);
        var environment = Map.of("EWS_PASSWORD", "pw", "CRM_SECRET", SECRET, "FREQUENCY", "5m");
        return TidemarkConfig.read(file, name -> Optional.ofNullable(environment.get(name)));
    }

    private List<String> faults(String text) {
        var thrown = catchThrowableOfType(ConfigException.class, () -> read(text));
        assertThat(thrown).isNotNull();
        return thrown.faults().stream()
                .map(fault -> fault.text().replace(folder + "/", ""))
                .toList();
    }

    private List<String> warnings(String text) throws IOException {
        return read(text).warnings().stream()
                .map(fault -> fault.text().replace(folder + "/", ""))
                .toList();
    }

    @Test
    void reports_five_faults_at_once_with_line_and_column() {
        var found = faults(SOUND.replace("public-url:", "pubic-url:")
                .replace("retention: 3d", "retention: 3 days")
                .replace("[ crm ]", "[ crn ]")
                .replace("${env:CRM_SECRET}", "${env:NOT_SET}")
                .replace("connection: onprem", "connection: onprem\n    status-frequency: 90s"));

        assertThat(found)
                .containsExactly(
                        "t.yaml:10:3: 'pubic-url' is not known in listener; the nearest name is public-url",
                        "t.yaml:14:23: subscriptions[0].status-frequency: '90s' is not a valid frequency; write whole"
                                + " minutes from 1m to 1440m",
                        "t.yaml:16:19: there is no sink 'crn'; the nearest name is crm",
                        "t.yaml:20:13: sinks.crm.secret: the environment has no NOT_SET; set it, or write"
                                + " ${env:NOT_SET:-default}",
                        "t.yaml:23:14: store.retention: '3 days' is not a duration; write a number and ms, s, m, h"
                                + " or d");
    }

    @Test
    void a_list_is_empty_only_where_nothing_was_written() {
        assertThat(faults(SOUND.replace("[ Ada@Example.com ]", "[ Ada@Example.com ]\n    events: [ NewMale ]")))
                .singleElement()
                .asString()
                .contains(
                        "'NewMale' is not a kind of event; the nearest name is NewMail; write one of NewMail, Created, ");
        assertThat(faults(SOUND.replace("[ Ada@Example.com ]", "[ Ada@Example.com ]\n    events: [ ]")))
                .singleElement()
                .asString()
                .contains("events is empty");
    }

    @Test
    void warnings_appear_after_all_faults_are_fixed() {
        assertThat(faults(SOUND.replace("${env:CRM_SECRET}", SECRET).replace("retention: 3d", "retention: 3 days")))
                .singleElement()
                .asString()
                .contains("'3 days' is not a duration");
    }

    @Test
    void a_file_that_is_not_yaml_is_one_fault_with_its_place() {
        assertThat(faults("instance: gw1\nconnections: [ a\nlistener: x\n"))
                .hasSize(1)
                .first(InstanceOfAssertFactories.STRING)
                .startsWith("t.yaml:3:")
                .contains("this is not YAML");
    }

    @Test
    void a_missing_file_is_a_fault() {
        assertThatThrownBy(() -> TidemarkConfig.read(folder.resolve("no.yaml"), name -> Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no.yaml:1:1: the file is not there");
    }

    @Test
    void a_directory_is_a_fault() {
        assertThatThrownBy(() -> TidemarkConfig.read(folder, name -> Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(":1:1: this is a directory; name the configuration file in it with --config");
    }

    @Test
    void an_empty_file_lacks_what_every_configuration_needs() {
        assertThat(faults(""))
                .containsExactlyInAnyOrder(
                        "t.yaml:1:1: connections is missing or empty; add one with a url",
                        "t.yaml:1:1: listener.public-url is missing; add it");
    }

    @Test
    void gives_what_is_written_and_fills_in_the_rest() throws IOException {
        var config = read(SOUND);

        assertThat(config.store().instance()).isEqualTo("gw1");
        assertThat(config.store().url()).isEqualTo("jdbc:h2:file:" + folder.resolve("data/t"));
        assertThat(config.compensator().retention().delivered()).isEqualTo(Duration.ofDays(3));
        var client = config.connections().get("onprem").client();
        assertThat(client.auth()).isEqualTo(new Auth.Basic("svc", "pw"));
        assertThat(client.serverVersion()).isEqualTo("Exchange2013_SP1");
        var group = config.groups().getFirst();
        assertThat(group.mailboxes()).containsExactly(new MailboxAddress("ada@example.com"));
        assertThat(group.folders()).isEqualTo(WatchedFolders.folders(List.of(new FolderRef.Distinguished("inbox"))));
        assertThat(group.snapshot()).isEqualTo(new SnapshotScope.None());
        assertThat(group.events()).containsExactly(ChangeKind.NEW_MAIL);
        assertThat(group.statusFrequency()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.listener().server().host()).isEqualTo("0.0.0.0");
        assertThat(config.listener().server().port()).isEqualTo(8780);
        assertThat(config.admin().bind()).isEqualTo(new BindAddress("127.0.0.1", 8781));
        assertThat(config.sinks().getFirst().retry().schedule()).hasSize(9);
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void a_body_limit_that_no_array_can_hold_is_a_fault() {
        assertThat(faults(SOUND.replace("listener:", "listener:\n  max-body: 2GiB")))
                .containsExactly("t.yaml:10:13: listener.max-body: '2GiB' is too large; write less than 2GiB");
    }

    @Test
    void secrets_show_nowhere() throws IOException {
        var config = read(SOUND);

        assertThat(config.toString() + config.listener() + config.sinks() + config.connections() + config.store())
                .doesNotContain("pw,", "password=pw", SECRET);
        assertThat(YamlJsonCodec.toYaml(config.effective()))
                .contains("password: redacted", "secret: redacted", "status-frequency: 10m")
                .doesNotContain(SECRET);
    }

    @Test
    void a_secret_written_out_is_warned_of_and_never_repeated() throws IOException {
        assertThat(warnings(SOUND.replace("${env:CRM_SECRET}", SECRET)))
                .hasSize(1)
                .first(InstanceOfAssertFactories.STRING)
                .startsWith("t.yaml:19:13: warning: sinks.crm.secret is written out here")
                .doesNotContain(SECRET);
        assertThat(faults(SOUND.replace("${env:CRM_SECRET}", "whsec_c2hvcnQ=")))
                .anyMatch(line -> line.contains("not a secret of 24 to 64 bytes"))
                .noneMatch(line -> line.contains("c2hvcnQ"));
    }

    @Test
    void values_come_from_the_environment_and_from_files() throws IOException {
        Files.writeString(folder.resolve("secret"), SECRET + "\n");
        var config = read(SOUND.replace("${env:CRM_SECRET}", "[ \"${file:secret}\", \"${env:NONE:-" + SECRET + "}\" ]")
                .replace("forward-to", "status-frequency: ${env:FREQUENCY}\n    forward-to"));

        assertThat(config.sinks().getFirst().target())
                .isInstanceOfSatisfying(
                        WebhookConfig.class,
                        webhook -> assertThat(webhook.secrets()).containsExactly(SECRET, SECRET));
        assertThat(config.groups().getFirst().statusFrequency()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void an_address_in_two_groups_is_a_fault_that_names_the_first_place() throws IOException {
        Files.writeString(folder.resolve("more.txt"), "# people\n  bob@example.com # Bob\nADA@example.com\nabsent\n");
        var second = "- name: more\n    connection: onprem\n    mailboxes-file: more.txt\n    forward-to: crm\nsinks:";

        assertThat(faults(SOUND.replace("sinks:", "  " + second)))
                .containsExactly(
                        "more.txt:3:1: ada@example.com is there already, at t.yaml:14:18; a mailbox belongs to one"
                                + " group, so keep one of the two",
                        "more.txt:4:1: 'absent' is not a mail address; write it like ada@example.com");
    }

    @Test
    void without_a_url_mailboxes_are_found_by_autodiscover() throws Exception {
        var settings = read(SOUND.replace(
                        "url: https://mail.example.com/EWS/Exchange.asmx",
                        "autodiscover: { url: https://a.example.com/x, allowed-hosts: [ '*.example.com' ], refresh:"
                                + " never }"))
                .connections()
                .get("onprem")
                .autodiscover();
        assertThat(settings)
                .contains(new AutodiscoverConfigSection(
                        URI.create("https://a.example.com/x"), List.of("*.example.com"), Optional.empty(), 100, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ url: http://a.example.com/x } | would send credentials in the clear",
                "{ url: https://a.example.com/x, batch: 101 } | out of range",
                "{ url: https://a.example.com/x, allowed-hosts: [ https://b.example.com ] } | is not a host",
                "{ refresh: 24h } | autodiscover.url is missing"
            })
    void what_autodiscover_cannot_work_with_is_a_fault(String section, String fault) {
        assertThat(faults(SOUND.replace("url: https://mail.example.com/EWS/Exchange.asmx", "autodiscover: " + section)))
                .anyMatch(text -> text.contains(fault));
    }

    @Test
    void a_wait_that_exchange_asks_for_is_obeyed_for_an_hour_unless_the_connection_says_else() throws IOException {
        assertThat(maxBackoff(SOUND)).isEqualTo(Duration.ofHours(1));
        assertThat(maxBackoff(withMaxBackoff("90s"))).isEqualTo(Duration.ofSeconds(90));
        assertThat(maxBackoff(withMaxBackoff("24h"))).isEqualTo(Duration.ofHours(24));
    }

    @ParameterizedTest
    @CsvSource({"0s, out of range", "25h, out of range", "-1s, out of range", "999999999d, too long", "never, duration"
    })
    void a_wait_beyond_a_day_is_a_fault(String value, String fault) {
        assertThat(faults(withMaxBackoff(value))).anyMatch(text -> text.contains(fault));
    }

    private static String withMaxBackoff(String value) {
        var url = "url: https://mail.example.com/EWS/Exchange.asmx";
        return SOUND.replace(url, url + "\n    limits: { max-backoff: " + value + " }");
    }

    private Duration maxBackoff(String text) throws IOException {
        return Objects.requireNonNull(read(text).connections().get("onprem"))
                .limits()
                .maxBackoff();
    }

    @Test
    void a_url_and_autodiscover_exclude_each_other() {
        assertThat(faults(SOUND.replace(
                        "url: https://mail.example.com/EWS/Exchange.asmx",
                        "url: https://mail.example.com/EWS/Exchange.asmx\n"
                                + "    autodiscover: { url: https://a.example.com }")))
                .anyMatch(text -> text.contains("leave out one of the two"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "folders: [ all, inbox ] | combines all with other folders",
                "folders: [ 'path:Inbox' ] | is not a path",
                "folders: [ 'path:/Inbox//x' ] | is not a path",
                "snapshot: some | write none, since:7d or all",
                "snapshot: 'since:' | duration",
                "snapshot: 'since:0d' | too short"
            })
    void folders_and_snapshots_that_mean_nothing_are_faults(String line, String fault) {
        assertThat(faults(
                        SOUND.replace("mailboxes: [ Ada@Example.com ]", "mailboxes: [ ada@example.com ]\n    " + line)))
                .anyMatch(text -> text.contains(fault));
    }

    @Test
    void a_group_watches_all_folders_or_some_by_path_with_a_snapshot() throws IOException {
        var text = SOUND.replace(
                "mailboxes: [ Ada@Example.com ]",
                "mailboxes: [ ada@example.com ]\n    folders: [ all ]\n    snapshot: since:7d");
        var all = read(text).groups().getFirst();

        assertThat(all.folders()).isEqualTo(new WatchedFolders.All());
        assertThat(all.snapshot()).isEqualTo(new SnapshotScope.Since(Duration.ofDays(7)));

        var some = read(text.replace("[ all ]", "[ inbox, 'path:/Inbox/Paid Bills' ]")
                        .replace("since:7d", "all"))
                .groups()
                .getFirst();

        assertThat(some.folders())
                .isEqualTo(new WatchedFolders.Some(
                        List.of(new FolderRef.Distinguished("inbox")),
                        List.of(new FolderPath(List.of("Inbox", "Paid Bills")))));
        assertThat(some.snapshot()).isEqualTo(new SnapshotScope.All());
    }

    @Test
    void a_store_on_postgresql_is_read_and_its_password_is_not_shown() throws IOException {
        var url = "jdbc:postgresql://db1,db2:5433/mail?user=tidemark&password=hunter2&sslmode=verify-full"
                + "&sslrootcert=/etc/tidemark/ca.pem";
        var config = read(SOUND.replace("url: jdbc:h2:file:./data/t", "pool: 4\n  url: " + url));
        assertThat(config.store().url()).isEqualTo(url);
        assertThat(config.store().pool()).isEqualTo(4);
        assertThat(config.toString()).contains("sslmode=verify-full").doesNotContain("hunter2");
        assertThat(faults(SOUND.replace("jdbc:h2:file:./data/t", "jdbc:postgresql:mail")))
                .anyMatch(text -> text.contains("write jdbc:h2:file:./data/tidemark, or jdbc:postgresql://host:5432/"));
    }

    @Test
    void a_cluster_is_off_unless_it_is_enabled() throws IOException {
        var cluster = read(SOUND).cluster();
        assertThat(cluster.enabled()).isFalse();
        assertThat(cluster.lease()).isEqualTo(Duration.ofSeconds(4));
        assertThat(cluster.sinkPartitions()).isOne();
        assertThat(cluster.node()).isNotEmpty();
    }

    @Test
    void a_cluster_on_postgresql_is_read() throws IOException {
        var onPostgres = SOUND.replace("jdbc:h2:file:./data/t", "jdbc:postgresql://db/mail");
        var section = "cluster: { enabled: true, node: a, lease: 10s, sink-partitions: 8 }\n";
        assertThat(read(onPostgres + section).cluster())
                .isEqualTo(new TidemarkConfig.ClusterSection(true, "a", Duration.ofSeconds(10), 8));
    }

    @Test
    void a_cluster_needs_a_configured_instance() {
        var nameless =
                SOUND.replace("instance: gw1\n", "").replace("jdbc:h2:file:./data/t", "jdbc:postgresql://db/mail");
        assertThat(faults(nameless + "cluster: { enabled: true }\n"))
                .singleElement()
                .asString()
                .contains(":22:21: cluster.enabled needs a configured instance, because each node has a different");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ enabled: true }            | cluster.enabled needs a store on PostgreSQL; set store.url to",
                "{ enabled: false, sink-partitions: 0 }| cluster.sink-partitions: '0' is out of range; write 1 to 64",
                "{ enabled: false, lease: 1s }| cluster.lease: '1s' is out of range; write 2s to 1m",
                "{ enabled: false, node: a/b }| cluster.node: 'a/b' is not a name"
            })
    void a_fault_of_the_cluster_is_named_with_its_place(String section, String fault) {
        var line = SOUND.lines().count() + 1;
        assertThat(faults(SOUND + "cluster: " + section + "\n"))
                .anyMatch(text -> text.contains(":" + line + ":") && text.contains(fault));
    }

    @Test
    void fallback_is_read_with_its_defaults() throws IOException {
        assertThat(read(SOUND).compensator().fallback())
                .isEqualTo(new FallbackConfig(
                        3,
                        FallbackConfig.Transport.POLL,
                        new PollDelay(new PollDelay.ConfiguredDelay.Percent(50), Duration.ofSeconds(60)),
                        StreamConfig.DEFAULT));
        var set = "compensator: { fallback: { after: 2, transport: none, delay: 2m, min-delay: -1 } }\n";
        assertThat(read(SOUND + set).compensator().fallback())
                .isEqualTo(new FallbackConfig(
                        2,
                        FallbackConfig.Transport.NONE,
                        new PollDelay(
                                new PollDelay.ConfiguredDelay.Fixed(Duration.ofMinutes(2)), Duration.ofSeconds(-1)),
                        StreamConfig.DEFAULT));
        var streams = "{ transport: streaming, connection-timeout: { initial: 10m, max: 20m }, max-connections: 2 }";
        assertThat(read(SOUND + "compensator: { fallback: " + streams + " }\n")
                        .compensator()
                        .fallback()
                        .streaming())
                .isEqualTo(new StreamConfig(Duration.ofMinutes(10), Duration.ofMinutes(1), Duration.ofMinutes(20), 2));
        for (var wrong : List.of("{ initial: 90s }", "{ max: 31m }", "{ initial: 2m, min: 3m }")) {
            assertThat(faults(SOUND + "compensator: { fallback: { connection-timeout: " + wrong + " } }\n"))
                    .hasSize(1);
        }
        assertThat(faults(SOUND + "compensator: { fallback: { delay: 101% } }\n"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("101");
    }

    @Test
    void plain_http_beyond_loopback_needs_a_word() throws IOException {
        var http = SOUND.replace("https://mail.example.com", "http://mail.example.com");
        assertThat(faults(http))
                .hasSize(1)
                .first(InstanceOfAssertFactories.STRING)
                .contains("allow-http: true");
        assertThat(read(http.replace("    auth:", "    allow-http: true\n    auth:"))
                        .connections()
                        .get("onprem")
                        .client()
                        .url()
                        .getScheme())
                .isEqualTo("http");
        read(SOUND.replace("https://mail.example.com", "http://127.0.0.1:1"));
    }

    @Test
    void every_key_of_the_reference_file_is_known() {
        var file = Path.of("").toAbsolutePath().resolveSibling("conf/tidemark.yaml");
        if (!Files.exists(file)) {
            file = Path.of("conf/tidemark.yaml");
        }

        assertThat(TidemarkConfig.read(file, name -> Optional.empty()).groups()).hasSize(1);
    }

    @Test
    void keys_that_the_reference_file_comments_out_are_known_too() throws IOException {
        var reference = Path.of("").toAbsolutePath().resolveSibling("conf/tidemark.yaml");
        var lines = Files.readAllLines(reference).stream()
                .map(line -> line.replaceFirst("^( *)# ([a-z-]+: .*|[a-z-]+:|  [a-z-]+: .*)$", "$1$2"))
                .filter(line -> !line.matches(" *later.*|.*: [a-z ]*later.*"))
                .toList();

        assertThat(faults(String.join("\n", lines))).noneMatch(text -> text.contains("is not known"));
    }
}
