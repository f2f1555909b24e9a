package dev.tidemark.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.forwarder.webhook.WebhookConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Addresses that users of other clients and webhook senders reported. Each test names the report that it repeats.
final class ConfigReportsTest {
    private static final String SOUND = ConfigFileTest.SOUND;

    @TempDir
    Path folder;

    /// http-kit/http-kit #336 and halo-dev/halo #10201: names of containers, and names beyond ASCII.
    @ParameterizedTest
    @CsvSource({
        "https://crm_app:8443/hooks, https://crm_app:8443/hooks",
        "https://crm.bücher.example/hooks?a=b, https://crm.xn--bcher-kva.example/hooks?a=b",
        "https://BÜCHER.example:8443, https://xn--bcher-kva.example:8443",
        "https://例え.テスト/, https://xn--r8jz45g.xn--zckzah/",
        "https://crm.example.com./hooks, https://crm.example.com./hooks",
        "https://[2001:db8::1]:8443/hooks, https://[2001:db8::1]:8443/hooks"
    })
    void a_webhook_may_have_such_a_name(String written, URI url) throws IOException {
        var config = read(SOUND.replace("https://crm.example.com/hooks", written));
        assertThat(config.warnings()).isEmpty();
        assertThat(config.sinks())
                .singleElement()
                .satisfies(sink -> assertThat(sink.target())
                        .isInstanceOfSatisfying(
                                WebhookConfig.class,
                                webhook -> assertThat(webhook.url()).isEqualTo(url)));
    }

    @Test
    void so_may_exchange_and_what_exchange_calls() throws IOException {
        var config = read(SOUND.replace("https://mail.example.com/", "https://ex_01.bücher.example/")
                .replace("https://push.example.com/in", "https://push_gw.bücher.example/in"));
        assertThat(config.connections().get("onprem").client().url())
                .isEqualTo(URI.create("https://ex_01.xn--bcher-kva.example/EWS/Exchange.asmx"));
        assertThat(config.listener().publicUrl()).isEqualTo(URI.create("https://push_gw.xn--bcher-kva.example/in"));
    }

    /// The check for plain http needs the host too.
    @Test
    void plain_http_to_such_a_name_is_still_a_fault() {
        assertThat(fault(SOUND.replace("https://mail.example.com/", "http://ex_01:8080/")))
                .contains("would send credentials and mail in the clear");
    }

    /// projectkudu/kudu #1022: credentials in the address, which no HTTP client sent.
    @ParameterizedTest
    @CsvSource({
        "https://svc:hunter2@crm.example.com/hooks",
        "https://svc:hunter2@crm_app/hooks",
        "https://crm_app:99999/hooks"
    })
    void an_invalid_address_is_a_fault_without_its_password(String written) {
        assertThat(fault(SOUND.replace("https://crm.example.com/hooks", written)))
                .contains("t.yaml:18:10")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://crm..example.com/hooks", "https://.example.com/hooks"})
    void a_name_with_an_empty_part_is_a_fault(String written) {
        assertThat(fault(SOUND.replace("https://crm.example.com/hooks", written)))
                .contains("t.yaml:18:10", "is not an address");
    }

    private String fault(String text) {
        var thrown = catchThrowableOfType(ConfigException.class, () -> read(text));
        assertThat(thrown).isNotNull();
        assertThat(thrown.faults()).hasSize(1);
        return thrown.faults().getFirst().text();
    }

    private TidemarkConfig read(String text) throws IOException {
        var file = Files.writeString(folder.resolve("t.yaml"), text);
        var environment = Map.of("EWS_PASSWORD", "pw", "CRM_SECRET", ConfigFileTest.SECRET);
        return TidemarkConfig.read(file, name -> Optional.ofNullable(environment.get(name)));
    }
}
