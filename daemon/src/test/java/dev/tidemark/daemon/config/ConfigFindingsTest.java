package dev.tidemark.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.tidemark.daemon.config.ConnectionConfigSection.CanarySection;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.listener.ListenerConfig;
import dev.tidemark.values.MailboxAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests mistakes that operators made while writing a configuration.
final class ConfigFindingsTest {
    private static final String SOUND = ConfigFileTest.SOUND;

    private static final String SID = "S-1-5-21-1004336348-1177238915-682003330-110";
    private static final String BY_SID = SOUND.replace("    auth:", "    impersonate-by: sid\n    auth:")
            .replace("mailboxes: [ Ada@Example.com ]", "mailboxes-file: list.csv");

    @TempDir
    Path folder;

    @Test
    void a_pattern_that_matches_no_type_is_warned_of_with_the_nearest_that_does() throws IOException {
        assertThat(warnings(sink("events: [ \"dev.tidemark.mailbox.mesage.*\", \"*.deleted\" ]")))
                .containsExactly("t.yaml:18:15: warning: sinks.crm.events: 'dev.tidemark.mailbox.mesage.*' matches no"
                        + " type of event; the nearest that does is dev.tidemark.mailbox.message.*");
        assertThat(warnings(sink("events: [ mailbox.message.received ]")))
                .singleElement()
                .asString()
                .endsWith("the nearest that does is dev.tidemark.mailbox.message.received");
        assertThat(warnings(sink("events: [ \"dev.tidemark.*\", dev.tidemark.sink.failing ]")))
                .isEmpty();
    }

    @Test
    void heartbeats_are_named_in_full_and_need_a_group() throws IOException {
        assertThat(warnings(sink("events: [ dev.tidemark.heartbeat ]"))).isEmpty();
        assertThat(warnings(sink("events: [ \"dev.tidemark.heart*\" ]")))
                .singleElement()
                .asString()
                .contains("'dev.tidemark.heart*' matches no type of event");
        assertThat(warnings(sink("events: [ dev.tidemark.heartbeat ]").replace("[ crm ]", "[ ]")))
                .anyMatch(warning -> warning.contains("no group forwards to sink 'crm'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"smtp-address", "primary-smtp-address", "principal-name"})
    void mailboxes_are_impersonated_by_the_name_that_is_written(String name) throws IOException {
        var read = read(SOUND.replace("    auth:", "    impersonate-by: " + name + "\n    auth:"));
        assertThat(read.connections().get("onprem").client().connectingName().label())
                .isEqualTo(name);
        assertThat(read(SOUND)
                        .connections()
                        .get("onprem")
                        .client()
                        .connectingName()
                        .label())
                .isEqualTo("smtp-address");
    }

    @Test
    void an_unknown_kind_of_name_is_a_fault() {
        assertThat(faults(SOUND.replace("    auth:", "    impersonate-by: smtp-adress\n    auth:")))
                .singleElement()
                .asString()
                .endsWith("'smtp-adress' is not a kind of mailbox name; the nearest name is smtp-address; write one of"
                        + " smtp-address, primary-smtp-address, principal-name, sid");
    }

    @Test
    void a_sid_is_read_beside_its_mailbox() throws IOException {
        list("PrimarySmtpAddress,SID\nada@example.com," + SID + "1\n");
        assertThat(sids(BY_SID)).containsExactly(Map.entry(new MailboxAddress("ada@example.com"), SID + "1"));
        // Get-ADUser -Properties mail | Select-Object mail, SID
        list("mail                 SID\n----                 ---\nada@example.com      " + SID + "1\n");
        assertThat(sids(BY_SID)).hasSize(1);
        list("ada@example.com, " + SID + "1 # Ada\n");
        assertThat(sids(BY_SID)).hasSize(1);
        assertThat(sids(BY_SID.replace("by: sid", "by: sid\n    impersonation: false")))
                .isEmpty();
    }

    @Test
    void a_longer_list_of_sids_leaves_the_client_of_the_connection_unchanged() throws IOException {
        list("PrimarySmtpAddress,SID\nada@example.com," + SID + "1\n");
        var before = read(BY_SID).connections().get("onprem");
        list("PrimarySmtpAddress,SID\nada@example.com," + SID + "1\nbob@example.com," + SID + "2\n");
        var longer = read(BY_SID).connections().get("onprem");
        assertThat(longer.client()).isEqualTo(before.client());
        assertThat(longer.hasCorrectedSids(before)).isFalse();
        assertThat(before.hasCorrectedSids(longer)).isFalse();

        list("PrimarySmtpAddress,SID\nada@example.com," + SID + "7\n");
        assertThat(read(BY_SID).connections().get("onprem").hasCorrectedSids(longer))
                .isTrue();
    }

    @Test
    void a_mailbox_without_a_usable_sid_is_a_fault_at_its_place() throws IOException {
        list("PrimarySmtpAddress,SID\nada@example.com," + SID + "1\nbob@example.com,\n"
                + "cy@example.com,S-1-5-x\ndee@example.com," + SID + "1\n");
        assertThat(faults(BY_SID))
                .containsExactly(
                        "list.csv:3:1: bob@example.com has no SID, and connection 'onprem' impersonates by sid; list it"
                                + " in a mailboxes-file with a column SID",
                        "list.csv:4:16: 'S-1-5-x' is not a SID; write it like"
                                + " S-1-5-21-1004336348-1177238915-682003330-1103",
                        "list.csv:5:17: " + SID + "1 is there already, at list.csv:2:17; each mailbox has its own SID,"
                                + " so correct one of the two");
        // other connections ignore the column
        assertThat(read(BY_SID.replace("by: sid", "by: smtp-address")).groups()).hasSize(1);
    }

    @Test
    void a_mailbox_that_comes_without_a_sid_is_a_fault_at_its_place() {
        var direct = BY_SID.replace("mailboxes-file: list.csv", "mailboxes: [ ada@example.com ]");
        assertThat(faults(direct))
                .singleElement()
                .asString()
                .startsWith("t.yaml:15:18: ada@example.com has no SID, and connection 'onprem' impersonates by sid");
        assertThat(faults(
                        direct.replace("[ ada@example.com ]", "[ ]\n    mailboxes-from: [ { group: s@example.com } ]")))
                .singleElement()
                .asString()
                .startsWith("t.yaml:16:21: subscriptions[0].mailboxes-from brings addresses without SIDs");
    }

    @Test
    void a_canary_has_a_mailbox_whose_group_reports_what_is_saved() throws IOException {
        var watched = SOUND.replace("forward-to: [ crm ]", "events: [ Created ]")
                .replace("    auth:", "    canary: { mailbox: ADA@example.com }\n    auth:");
        var read = read(watched);
        assertThat(read.connections().get("onprem").canary())
                .contains(new CanarySection(
                        new MailboxAddress("ada@example.com"), Duration.ofMinutes(5), Duration.ofMinutes(2)));
        // a group without a sink is usual for a canary
        assertThat(warnings(watched)).noneMatch(each -> each.contains("has no forward-to"));
    }

    @Test
    void a_canary_that_no_event_can_report_is_a_fault() {
        var silent = SOUND.replace("    auth:", "    canary: { mailbox: ada@example.com }\n    auth:");
        assertThat(faults(silent))
                .containsExactly(
                        "t.yaml:5:24: group 'inboxes' of the canary's mailbox must watch the inbox for Created;"
                                + " write folders: [ inbox ] and events: [ Created ] there");
        var elsewhere = silent.replace("forward-to:", "events: [ Created ]\n    folders: [ drafts ]\n    forward-to:");
        assertThat(faults(elsewhere)).singleElement().asString().contains("must watch the inbox");
        assertThat(faults(silent.replace("{ mailbox: ada@", "{ mailbox: canary@")))
                .containsExactly("t.yaml:5:24: no group of connection 'onprem' names the canary's mailbox"
                        + " canary@example.com; add a group for it with events: [ Created ]");
        assertThat(faults(silent.replace("{ mailbox: ada@example.com }", "{ interval: 1m }")))
                .anyMatch(fault -> fault.contains("canary.mailbox"));
    }

    private void list(String text) throws IOException {
        Files.writeString(folder.resolve("list.csv"), text);
    }

    private Map<MailboxAddress, String> sids(String text) throws IOException {
        return read(text).connections().get("onprem").sids();
    }

    @ParameterizedTest
    @ValueSource(strings = {"silence-after", "first-callback"})
    void a_silence_shorter_than_a_heartbeat_is_warned_of(String key) throws IOException {
        assertThat(warnings(SOUND + "compensator:\n  " + key + ": 5m\n"))
                .containsExactly("t.yaml:24:" + (5 + key.length()) + ": warning: compensator." + key + " is below the"
                        + " status-frequency of group 'inboxes', 10m: its mailboxes are compensated for being quiet;"
                        + " write more than that, or leave it out");
        assertThat(warnings(SOUND + "compensator:\n  " + key + ": 10m\n")).isEmpty();
    }

    @Test
    void seal_keys_are_one_or_a_list_and_are_not_shown() throws IOException {
        var key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
        assertThat(read(SOUND).store().sealKeys()).isEmpty();
        assertThat(read(store("seal-key: " + key)).store().sealKeys()).containsExactly(key);
        var rotated = read(store("seal-key: [ ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=, " + key + " ]"));
        assertThat(rotated.store().sealKeys()).hasSize(2).last().isEqualTo(key);
        assertThat(rotated.effective().toString()).doesNotContain(key);
        assertThat(rotated.store().toString()).doesNotContain(key);
        assertThat(warnings(store("seal-key: " + key)))
                .singleElement()
                .asString()
                .contains("store.seal-key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c2hvcnQ=", "not-Base64!", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIz"})
    void a_seal_key_of_another_length_is_a_fault_that_does_not_repeat_it(String key) {
        assertThat(faults(store("seal-key: '" + key + "'")))
                .singleElement()
                .asString()
                .contains("store.seal-key", "openssl rand -base64 32")
                .doesNotContain(key);
    }

    @Test
    void more_connections_for_one_address_than_for_all_are_warned_of() throws IOException {
        assertThat(warnings(listener("max-connections: 10\n  max-connections-per-address: 20")))
                .singleElement()
                .asString()
                .contains("listener.max-connections-per-address is above listener.max-connections");
        assertThat(read(listener("max-connections: 20\n  max-connections-per-address: 10"))
                        .listener()
                        .server()
                        .connections())
                .isEqualTo(new ListenerConfig.MaxConnections(20, 10));
    }

    @Test
    void an_empty_group_is_a_warning() throws IOException {
        assertThat(warnings(SOUND.replace("[ Ada@Example.com ]", "[ ]")))
                .containsExactly("t.yaml:14:16: warning: group 'inboxes' has no mailboxes, so nothing is subscribed for"
                        + " it; name some in mailboxes or in a mailboxes-file");
        Files.writeString(folder.resolve("list.txt"), "# absent yet\n");
        assertThat(warnings(SOUND.replace("mailboxes: [ Ada@Example.com ]", "mailboxes-file: list.txt")))
                .isEmpty();
        assertThat(faults(SOUND.replace("[ Ada@Example.com ]", "[ ada ]"))).hasSize(1);
    }

    @Test
    void an_empty_retry_is_valid_with_a_warning() throws IOException {
        assertThat(warnings(sink("retry: [ ]")))
                .containsExactly("t.yaml:18:12: warning: sinks.crm.retry is empty: an event that is refused once is a"
                        + " dead letter; write waits such as [ 5s, 5m ], or leave it out for four days of tries");
    }

    @Test
    void events_kept_for_less_than_retention_are_warned_of() throws IOException {
        assertThat(warnings(SOUND.replace("retention: 3d", "retention: 3d\n  max-undelivered: 2d")))
                .containsExactly("t.yaml:23:20: warning: store.max-undelivered is below store.retention, 3d: no event"
                        + " is kept for longer than it; write as much as retention, or more");
        assertThat(warnings(SOUND.replace("retention: 3d", "retention: 3d\n  max-undelivered: 3d")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "  tokens: [ ]                                                              | admin.tokens and admin.tls",
                "                                                                           | admin.tokens and admin.tls",
                "  tokens: [ { name: a, token: '${env:CRM_SECRET}', role: read } ]          | admin.tls",
                "  tls: { certificate: t.yaml, private-key: t.yaml }                        | admin.tokens"
            })
    void the_admin_api_beyond_loopback_needs_tokens_and_tls(String keys, String lacking) {
        assertThat(faults(SOUND + "admin:\n  bind: 0.0.0.0:8781\n" + (keys == null ? "" : "  " + keys + "\n")))
                .contains("t.yaml:24:9: admin.bind beyond loopback needs admin.tokens and admin.tls; add " + lacking
                        + ", or write 127.0.0.1:8781");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{ name: a, token: '${env:CRM_SECRET}' }                      | admin.tokens[0].role is missing; add it",
                "{ name: a, role: read }                                      | admin.tokens[0].token is missing; write what",
                "{ token: '${env:CRM_SECRET}', role: read }                   | admin.tokens[0].name is missing; add it",
                "{ name: a, token: '${env:CRM_SECRET}', role: admin }         | write one of metrics, read, operate",
                "{ name: a, token: 'two words', role: read }                  | a token has ASCII characters without spaces",
                "{ name: a, token: '${env:CRM_SECRET}', rol: read }           | the nearest name is role",
                "{ name: a, token: '${env:CRM_SECRET}', role: read, groups: [ inbox ] } | the nearest name is inboxes",
                "{ name: a, token: '${env:CRM_SECRET}', role: read }, { name: a, token: x, role: read } | use unique names",
                "{ name: a, token: '${env:CRM_SECRET}', role: read }, { name: b, token: '${env:CRM_SECRET}', role: read }"
                        + " | is the same as that of 'a'"
            })
    void a_token_that_cannot_work_is_a_fault(String tokens, String fault) {
        assertThat(faults(SOUND + "admin:\n  tokens: [ " + tokens + " ]\n"))
                .anySatisfy(text -> assertThat(text).contains(fault));
    }

    @Test
    void a_short_or_literal_token_is_warned_of_and_none_is_shown() throws IOException {
        var text = SOUND + "admin:\n  tokens: [ { name: a, token: tiny-secret, role: read } ]\n";
        assertThat(warnings(text))
                .anySatisfy(warning -> assertThat(warning).contains("fewer than 16 characters and can be guessed"))
                .anySatisfy(warning -> assertThat(warning).contains("written out here"));
        assertThat(read(text).toString()).contains("role=read").doesNotContain("tiny-secret");
    }

    @Test
    void a_secret_that_is_only_a_default_is_written_out_as_well() throws IOException {
        var written = SOUND.replace("${env:CRM_SECRET}", "${env:NOT_SET:-" + ConfigFileTest.SECRET + "}");
        assertThat(warnings(written))
                .singleElement()
                .asString()
                .startsWith("t.yaml:19:13: warning: sinks.crm.secret is the default that is written out here")
                .doesNotContain(ConfigFileTest.SECRET);
        assertThat(warnings(SOUND.replace("${env:CRM_SECRET}", "${env:CRM_SECRET:-whsec_any}")))
                .isEmpty();
        assertThat(warnings(SOUND.replace("${env:EWS_PASSWORD}", "${env:NOT_SET:-}")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "headers: { Authorization: \"Bearer pw1\", X-Team: crm }|18:31|sinks.crm.headers.Authorization is written out",
                "proxy: \"http://me:pw1@proxy:3128\"|18:12|sinks.crm.proxy holds a password",
            })
    void a_secret_in_a_header_or_an_address_is_warned_of(String line, String place, String warning) throws IOException {
        assertThat(warnings(sink(line)))
                .singleElement()
                .asString()
                .startsWith("t.yaml:" + place + ": warning: " + warning)
                .contains("readable by every reader of this file", "${env:NAME}", "${file:PATH}")
                .doesNotContain("pw1");
        assertThat(warnings(sink(line.replace("pw1", "${env:CRM_SECRET}")))).isEmpty();
    }

    @Test
    void a_password_in_the_address_of_the_store_or_of_a_proxy_is_warned_of() throws IOException {
        var postgres = "jdbc:postgresql://db/t?user=a&password=";
        assertThat(warnings(SOUND.replace("jdbc:h2:file:./data/t", postgres + "pw1")))
                .anyMatch(warning -> warning.contains("store.url holds a password"))
                .noneMatch(warning -> warning.contains("pw1"));
        assertThat(warnings(SOUND.replace("jdbc:h2:file:./data/t", postgres + "${env:EWS_PASSWORD}")))
                .noneMatch(warning -> warning.contains("holds a password"));
        assertThat(warnings(SOUND + "egress: { proxy: \"http://a:pw1@proxy:3128\" }\n"))
                .anyMatch(warning -> warning.contains("egress.proxy holds a password"));
        assertThat(warnings(SOUND.replace("    auth:", "    proxy: \"http://a:pw1@proxy:3128\"\n    auth:")))
                .anyMatch(warning -> warning.contains("connections.onprem.proxy holds a password"));
    }

    @Test
    void a_header_that_tidemark_sends_itself_is_refused() throws IOException {
        assertThat(faults(sink("headers: { user-agent: mine }")))
                .singleElement()
                .asString()
                .contains("The header user-agent is set by Tidemark; leave it out of headers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${env:EWS_PASSWORD}:${env:EWS_PASSWORD}", "me:${env:EWS_PASSWORD}"})
    void a_login_of_a_proxy_that_the_environment_holds_is_not_warned_of(String login) throws IOException {
        assertThat(warnings(sink("proxy: \"http://" + login + "@proxy:3128\""))).isEmpty();
    }

    @Test
    void the_known_secret_of_the_sample_is_warned_of() {
        var sample = Path.of("").toAbsolutePath().resolveSibling("conf/tidemark.yaml");
        assertThat(TidemarkConfig.read(sample, name -> Optional.empty()).warnings())
                .extracting(ConfigDiagnostic::message)
                .anyMatch(text -> text.startsWith("sinks.crm.secret is the default that is written out here"));
    }

    @Test
    void the_known_secret_of_the_sample_is_warned_of_by_whatever_way_it_comes() throws IOException {
        var sample = Files.readString(Path.of("").toAbsolutePath().resolveSibling("conf/tidemark.yaml"));
        var known = Pattern.compile("CRM_SECRET:-(whsec_[^}]*)}").matcher(sample);
        assertThat(known.find()).isTrue();
        Files.writeString(folder.resolve("crm"), known.group(1) + "\n");
        assertThat(warnings(SOUND.replace("${env:CRM_SECRET}", "[ \"${env:CRM_SECRET}\", \"${file:crm}\" ]")))
                .containsExactly("t.yaml:19:13: warning: sinks.crm.secret is that of the sample configuration, which"
                        + " is public; write whsec_ and what 'openssl rand -base64 32' prints");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://169.254.169.254/latest    | 169.254.169.254 gives out cloud credentials and is never called
            http://metadata.google.internal/ | 169.254.169.254 gives out cloud credentials and is never called
            http://[::ffff:a9fe:a9fe]/       | 169.254.169.254 gives out cloud credentials and is never called
            http://2852039166/               | 169.254.169.254 gives out cloud credentials and is never called
            """)
    void a_sink_at_an_address_of_cloud_metadata_is_warned_of(String url, String why) throws IOException {
        assertThat(warnings(SOUND.replace("https://crm.example.com/hooks", url) + "egress: { allow: [ 0.0.0.0/0 ] }\n"))
                .containsExactly(
                        "t.yaml:18:10: warning: sink 'crm' will be refused: " + why + "; set a different address");
    }

    @Test
    void a_sink_that_needs_a_line_in_egress_is_warned_of_with_the_line() throws IOException {
        var local = SOUND.replace("https://crm.example.com/hooks", "http://127.0.0.1:9000/");
        assertThat(warnings(local))
                .containsExactly("t.yaml:18:10: warning: sink 'crm' will be refused: 127.0.0.1 is loopback and egress"
                        + " does not allow it; add 127.0.0.1/32 to egress.allow");
        assertThat(warnings(local + "egress: { allow: [ 127.0.0.0/8 ] }\n")).isEmpty();
        var inside = SOUND.replace("https://crm.example.com/hooks", "https://10.1.2.3/");
        assertThat(warnings(inside)).isEmpty();
        assertThat(warnings(inside + "egress: { policy: public-only }\n"))
                .singleElement()
                .asString()
                .contains("10.1.2.3 is not public");
    }

    @Test
    void what_egress_cannot_use_is_a_fault_and_no_crash() {
        assertThat(faults(SOUND + "egress: { allow: [ '10.*.*.*', 10.1-4.0.0 ] }\n"))
                .hasSize(2)
                .allMatch(text -> text.contains("write for example 10.0.0.0/8"));
    }

    @Test
    void a_sink_that_no_group_forwards_to_is_warned_of_unless_it_wants_no_mail() throws IOException {
        var sink = "  ops: { type: stdout }\n";
        var two = SOUND.replace("sinks:\n", "sinks:\n" + sink);
        assertThat(warnings(two))
                .containsExactly("t.yaml:17:8: warning: no group forwards to sink 'ops', so it gets only events of the"
                        + " instance, such as dev.tidemark.sink.failing; name it in a forward-to");
        assertThat(warnings(two.replace("stdout", "stdout, events: [ \"dev.tidemark.sink.*\", \"dev.tidemark.d*\" ]")))
                .isEmpty();
        assertThat(warnings(two.replace("stdout", "stdout, events: [ \"dev.tidemark.s*\" ]")))
                .hasSize(1);
    }

    @Test
    void a_sink_that_a_group_names_twice_is_warned_of() throws IOException {
        assertThat(warnings(SOUND.replace("[ crm ]", "[ crm, crm ]")))
                .containsExactly(
                        "t.yaml:15:24: warning: subscriptions[0].forward-to names sink 'crm' twice, and it gets"
                                + " each event once; keep one of the two");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'X Team': crm                  | 'X Team' is no name of an HTTP header
            'X-Team:': crm                 | 'X-Team:' is no name of an HTTP header
            'X-Grüße': crm                 | 'X-Grüße' is no name of an HTTP header
            X-Team: "a\\r\\nEvil: 1"       | The value of header X-Team holds a line break
            X-Team: "a\\0b"                | The value of header X-Team holds a line break
            X-Team: grün                   | The value of header X-Team holds a line break
            X-Team: " crm"                 | The value of header X-Team holds a line break
            webhook-id: mine               | The header webhook-id is set by Tidemark
            Webhook-Signature: mine        | The header Webhook-Signature is set by Tidemark
            content-type: text/plain       | The header content-type is set by Tidemark
            Host: elsewhere                | The header Host is set by Tidemark
            Content-Length: 3              | The header Content-Length is set by Tidemark
            Transfer-Encoding: chunked     | The header Transfer-Encoding is set by Tidemark
            Tidemark-Attempt: 1            | The header Tidemark-Attempt is set by Tidemark
            'X-Team: crm, x-team': other   | has x-team twice
            """)
    void a_header_that_cannot_be_sent_is_one_fault(String header, String fault) {
        var line = header.startsWith("'X-Team: ") ? "X-Team: crm, x-team: other" : header;
        assertThat(faults(sink("headers: { " + line + " }")))
                .singleElement()
                .asString()
                .startsWith("t.yaml:18:")
                .contains("sinks.crm.headers")
                .contains(fault);
    }

    @Test
    void headers_are_sent_as_they_are_written_and_those_that_look_secret_are_not_shown() throws IOException {
        var config =
                read(sink("headers: { X-Team: 'crm, \"eu\"', Authorization: Bearer abc, X-Api-Key: abc, X-None: }"));
        assertThat(config.sinks().getFirst().target())
                .asInstanceOf(type(WebhookConfig.class))
                .extracting(WebhookConfig::headers)
                .isEqualTo(Map.of(
                        "X-Team", "crm, \"eu\"", "Authorization", "Bearer abc", "X-Api-Key", "abc", "X-None", ""));
        assertThat(YamlJsonCodec.toYaml(config.effective())).contains("X-Team").doesNotContain("abc");
    }

    @Test
    void a_type_that_is_not_known_hides_no_other_fault_and_makes_none() {
        var thrown = thrown(SOUND.replace("basic", "oauth").replace("${env:EWS_PASSWORD}", "geheim"));
        assertThat(texts(thrown.faults()))
                .containsExactly("t.yaml:6:13: connections.onprem.auth.type: 'oauth' is not known; write one of none,"
                        + " basic, ntlm, kerberos, oauth2");
        assertThat(texts(thrown.warnings()))
                .singleElement()
                .asString()
                .startsWith("t.yaml:8:17: warning: connections.onprem.auth.password is written out here");
        assertThat(faults(sink("type: web-hook"))).singleElement().asString().contains("'web-hook' is not known");
        assertThat(faults(SOUND.replace("username:", "user:").replace("basic", "oauth")))
                .hasSize(2);
    }

    @Test
    void a_key_that_is_there_twice_hides_no_other_fault() {
        assertThat(faults(SOUND.replace("  retention: 3d", "  retention: 3 days\n  retention: 4d")
                        .replace("public-url:", "pubic-url:")))
                .satisfiesExactly(
                        first -> assertThat(first).contains("'pubic-url' is not known"),
                        second -> assertThat(second).contains("'3 days' is not a duration"),
                        third -> assertThat(third).endsWith("'retention' occurs twice; keep one of them"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "url: https://mail.example.com/EWS/Exchange.asmx",
                "username: svc",
                "password: ${env:EWS_PASSWORD}",
                "public-url: https://push.example.com/in",
                "name: inboxes",
                "connection: onprem",
                "url: https://crm.example.com/hooks",
                "secret: ${env:CRM_SECRET}",
                "url: jdbc:h2:file:./data/t",
                "retention: 3d",
                "type: basic"
            })
    void a_variable_that_is_missing_is_one_fault(String line) {
        var key = line.substring(0, line.indexOf(':'));
        assertThat(faults(SOUND.replace(line, key + ": ${env:NOT_SET}")))
                .singleElement()
                .asString()
                .contains("the environment has no NOT_SET");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            store:       | retention: 0d     | '0d' is too short; write more than 0s
            compensator: | resync-margin: -1s | '-1s' is too short; write at least 0s
            """)
    void nothing_is_too_short(String section, String line, String fault) {
        var text = section.equals("store:")
                ? SOUND.replace("retention: 3d", line)
                : SOUND + section + "\n  " + line + "\n";
        assertThat(faults(text)).singleElement().asString().endsWith(fault);
    }

    @Test
    void an_invalid_share_is_quoted_as_written() {
        assertThat(faults(SOUND + "compensator:\n  fallback:\n    delay: 150%\n"))
                .containsExactly(
                        "t.yaml:25:12: compensator.fallback.delay: '150%' is not a percentage of the status frequency;"
                                + " write 1% to 100%, or a duration");
    }

    @Test
    void a_tab_is_found_where_it_stands() {
        assertThat(faults(SOUND.replace("  retention: 3d", "\tretention: 3d")))
                .singleElement()
                .asString()
                .startsWith("t.yaml:22:1: this is not YAML: found character '\\t(TAB)'");
    }

    private static String sink(String line) {
        return SOUND.replace("  crm:\n", "  crm:\n    " + line + "\n");
    }

    private static String store(String line) {
        return SOUND.replace("store:\n", "store:\n  " + line + "\n");
    }

    private static String listener(String lines) {
        return SOUND.replace("listener:\n", "listener:\n  " + lines + "\n");
    }

    private List<String> warnings(String text) throws IOException {
        return texts(read(text).warnings());
    }

    private List<String> faults(String text) {
        return texts(thrown(text).faults());
    }

    private ConfigException thrown(String text) {
        var thrown = catchThrowableOfType(ConfigException.class, () -> read(text));
        assertThat(thrown).isNotNull();
        return thrown;
    }

    private List<String> texts(List<ConfigDiagnostic> faults) {
        return faults.stream()
                .map(fault -> fault.text().replace(folder + "/", ""))
                .toList();
    }

    private TidemarkConfig read(String text) throws IOException {
        var file = Files.writeString(folder.resolve("t.yaml"), text);
        var environment = Map.of("EWS_PASSWORD", "pw", "CRM_SECRET", ConfigFileTest.SECRET);
        return TidemarkConfig.read(file, name -> Optional.ofNullable(environment.get(name)));
    }
}
