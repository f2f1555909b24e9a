package dev.tidemark.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.testsupport.TestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests configurations that were valid and could not work.
final class ConfigPitfallsTest {
    private static final String SOUND = ConfigFileTest.SOUND;
    private static final String TLS = "  tls: { certificate: cert.pem, private-key: key.pem }\n";

    @TempDir
    Path folder;

    private TidemarkConfig read(String text) throws IOException {
        var file = Files.writeString(folder.resolve("t.yaml"), text);
        var environment = Map.of("EWS_PASSWORD", "pw", "CRM_SECRET", ConfigFileTest.SECRET);
        return TidemarkConfig.read(file, name -> Optional.ofNullable(environment.get(name)));
    }

    private String fault(String text) {
        var thrown = catchThrowableOfType(ConfigException.class, () -> read(text));
        assertThat(thrown).isNotNull();
        assertThat(thrown.faults()).hasSize(1);
        return thrown.faults().getFirst().text().replace(folder + "/", "");
    }

    private List<String> warnings(String text) throws IOException {
        return read(text).warnings().stream()
                .map(warning -> warning.text().replace(folder + "/", ""))
                .toList();
    }

    @Test
    void a_key_of_another_certificate_is_a_fault() throws Exception {
        var first = TestIdentity.create();
        var second = TestIdentity.create();
        Files.writeString(folder.resolve("cert.pem"), first.certificatePem());
        Files.writeString(folder.resolve("key.pem"), second.keyPem());

        assertThat(fault(withTls())).contains("listener.tls: ", "the key belongs to another certificate");
    }

    @Test
    void a_matching_pair_is_sound_and_an_expired_one_is_warned_of() throws Exception {
        TestIdentity.create().write(folder);
        assertThat(warnings(withTls())).isEmpty();

        TestIdentity.createValid(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-02T00:00:00Z"))
                .write(folder);
        assertThat(warnings(withTls()))
                .singleElement()
                .asString()
                .contains("listener.tls.certificate: the certificate is not valid now", "renew it");
    }

    @Test
    void members_alone_are_no_way_into_a_connection_with_autodiscover() throws IOException {
        var located = SOUND.replace(
                "url: https://mail.example.com/EWS/Exchange.asmx", "autodiscover: { url: https://a.example.com/x }");
        var alone = "mailboxes-from: [ { group: sales@example.com } ]";
        assertThat(fault(located.replace("mailboxes: [ Ada@Example.com ]", alone)))
                .contains("group 'inboxes' has only mailboxes-from", "name one address of connection 'onprem'");
        read(SOUND.replace("mailboxes: [ Ada@Example.com ]", alone));
        read(located.replace("mailboxes: [ Ada@Example.com ]", "mailboxes: [ Ada@Example.com ]\n    " + alone));
    }

    @Test
    void a_store_below_a_file_is_a_fault() throws IOException {
        Files.writeString(folder.resolve("taken"), "");

        assertThat(fault(SOUND.replace("./data/t", "./taken/deeper/t")))
                .contains("store.url: ", "taken is no directory");
    }

    @Test
    void a_store_that_this_user_cannot_write_is_warned_of() throws IOException {
        var closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        Assumptions.assumeFalse(Files.isWritable(closed), "root may write anywhere");

        assertThat(warnings(SOUND.replace("./data/t", "./closed/t")))
                .singleElement()
                .asString()
                .contains("cannot write to ");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8781, 127.0.0.1:8781, true",
        "0.0.0.0:8781, 127.0.0.1:8781, true",
        "127.0.0.2:8781, 127.0.0.1:8781, false",
        "127.0.0.1:8780, 127.0.0.1:8781, false",
        "127.0.0.1:0, 127.0.0.1:0, false"
    })
    void one_port_for_both_servers_is_a_fault(String listener, String admin, boolean taken) throws IOException {
        var text = SOUND.replace("listener:\n", "listener:\n  bind: " + listener + "\n") + "admin: { bind: '" + admin
                + "' }\n";
        if (taken) {
            assertThat(fault(text)).contains("listener.bind and admin.bind have the same port 8781");
        } else {
            assertThat(warnings(text)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"*@example.com\"", "ada*@example.com"})
    void a_pattern_is_no_mailbox(String pattern) {
        assertThat(fault(SOUND.replace("Ada@Example.com", pattern))).contains("is a pattern, and each mailbox needs");
    }

    @Test
    void a_webhook_in_the_clear_beyond_loopback_is_warned_of() throws IOException {
        assertThat(warnings(SOUND.replace("https://crm", "http://crm")))
                .containsExactly("t.yaml:18:10: warning: sinks.crm.url sends events in the clear; write https:// if the"
                        + " network is not trusted");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type: basic, username: svc, password: ${env:EWS_PASSWORD} }",
                "{ username: ${env:X}, type: basic }"
            })
    void a_reference_in_braces_without_quotes_is_told_so(String auth) {
        var block = "auth:\n      type: basic\n      username: svc\n      password: ${env:EWS_PASSWORD}\n";

        assertThat(fault(SOUND.replace(block, "auth: " + auth + "\n")))
                .contains("t.yaml:5:")
                .contains("a value with ${...} needs quotes inside { } and [ ]; write \"${env:NAME}\"");
    }

    @Test
    void other_errors_of_yaml_keep_their_words() {
        assertThat(fault(SOUND.replace("[ crm ]", "[ crm"))).contains("this is not YAML");
    }

    @Test
    void a_default_that_applies_to_a_secret_is_named_as_such() throws IOException {
        assertThat(warnings(SOUND.replace("${env:EWS_PASSWORD}", "\"${env:PW:-x}\"")))
                .containsExactly("t.yaml:8:17: warning: connections.onprem.auth.password is the default that is written"
                        + " out here, because the environment has no PW; set PW, or write ${file:PATH}");
        assertThat(warnings(SOUND.replace("${env:EWS_PASSWORD}", "\"${env:EWS_PASSWORD:-x}\"")))
                .isEmpty();
        assertThat(warnings(SOUND.replace("${env:EWS_PASSWORD}", "secret")))
                .singleElement()
                .asString()
                .contains("is written out here", "write ${env:NAME}");
    }

    private static String withTls() {
        return SOUND.replace("listener:\n", "listener:\n" + TLS);
    }
}
