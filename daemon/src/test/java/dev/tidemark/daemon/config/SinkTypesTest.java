package dev.tidemark.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.forwarder.targets.StdoutConfig;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.http.ProxyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests sinks of other types than webhook. Kafka's client is not on the class path of this module.
final class SinkTypesTest {
    private static final String WEBHOOK = "url: https://crm.example.com/hooks\n    secret: ${env:CRM_SECRET}";

    @TempDir
    private Path folder;

    @Test
    void standard_output_needs_nothing_but_its_type() throws IOException {
        var sink = read("type: stdout").sinks().getFirst();
        assertThat(sink.target()).isEqualTo(new StdoutConfig(Duration.ofSeconds(15)));
    }

    @Test
    void keys_of_another_type_are_faults() {
        assertThat(faults("type: stdout\n    url: https://crm.example.com/hooks\n    topic: t"))
                .containsExactly(
                        "t.yaml:19:5: sinks.crm.url is for sinks of type webhook; leave it out here",
                        "t.yaml:20:5: sinks.crm.topic is for sinks of type kafka; leave it out here");
        assertThat(faults(WEBHOOK + "\n    properties: { acks: all }"))
                .containsExactly("t.yaml:20:5: sinks.crm.properties is for sinks of type kafka; leave it out here");
    }

    @Test
    void a_webhook_takes_tls_and_a_proxy_of_its_own() throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (var file = Files.newOutputStream(folder.resolve("ca.p12"))) {
            store.store(file, "changeit".toCharArray());
        }

        assertThat(faults(WEBHOOK + "\n    tls: { trust-store: ca.p12, trust-store-password: changeit }"))
                .singleElement()
                .asString()
                .contains("sinks.crm.tls.trust-store: ", "holds no readable trusted certificate");
        assertThat(faults(WEBHOOK + "\n    tls: { trust-stor: ca.p12 }\n    proxy: https://proxy:3128"))
                .hasSize(2)
                .anyMatch(fault -> fault.contains("'trust-stor' is not known in sinks.crm.tls"))
                .anyMatch(fault -> fault.contains("sinks.crm.proxy"));
        var webhook = (WebhookConfig) read(WEBHOOK + "\n    proxy: http://proxy:3128")
                .sinks()
                .getFirst()
                .target();
        assertThat(webhook.proxy()).contains(ProxyConfig.of("http://proxy:3128"));
        assertThat(webhook.tls()).isEmpty();
    }

    @Test
    void tls_and_proxy_of_a_webhook_are_faults_elsewhere() {
        assertThat(faults("type: stdout\n    tls: { trust-store: x }\n    proxy: http://proxy:3128"))
                .containsExactly(
                        "t.yaml:19:5: sinks.crm.tls is for sinks of type webhook; leave it out here",
                        "t.yaml:20:5: sinks.crm.proxy is for sinks of type webhook; leave it out here");
    }

    @Test
    void kafka_that_is_not_installed_is_a_fault_that_says_what_to_install() {
        assertThat(faults("type: kafka\n    bootstrap-servers: kafka:9092\n    topic: tidemark.events"))
                .singleElement()
                .asString()
                .startsWith("t.yaml:19:24: sinks.crm: ")
                .contains("lib/kafka");
    }

    @Test
    void kafka_without_servers_or_topic_is_a_fault() {
        assertThat(faults("type: kafka"))
                .anyMatch(fault -> fault.contains("sinks.crm.bootstrap-servers is missing"))
                .anyMatch(fault -> fault.contains("sinks.crm.topic is missing"));
        assertThat(faults("type: kafka\n    bootstrap-servers: kafka\n    topic: t"))
                .singleElement()
                .asString()
                .contains("'kafka' names no servers");
    }

    @Test
    void what_the_promises_rest_on_cannot_be_set() {
        assertThat(faults("type: kafka\n    bootstrap-servers: k:9092\n    topic: t\n    properties: { acks: '1' }"))
                .singleElement()
                .asString()
                .startsWith("t.yaml:21:17: sinks.crm: 'acks' is set by Tidemark");
    }

    private TidemarkConfig read(String sink) throws IOException {
        var text = ConfigFileTest.SOUND.replace(WEBHOOK, sink);
        assertThat(text).contains(sink);
        var file = Files.writeString(folder.resolve("t.yaml"), text);
        var environment = Map.of("EWS_PASSWORD", "pw", "CRM_SECRET", ConfigFileTest.SECRET);
        return TidemarkConfig.read(file, name -> Optional.ofNullable(environment.get(name)));
    }

    private List<String> faults(String sink) {
        var thrown = catchThrowableOfType(ConfigException.class, () -> read(sink));
        assertThat(thrown).isNotNull();
        return thrown.faults().stream()
                .filter(fault -> !fault.warning())
                .map(fault -> fault.text().replace(folder + "/", ""))
                .toList();
    }
}
