package dev.tidemark.ews;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.config.AutodiscoverConfig;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.http.ProxyConfig;
import dev.tidemark.http.WebHost;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// http-kit/http-kit #336: `java.net.URI` accepts no host with an underscore.
class WebHostTest {
    @ParameterizedTest
    @CsvSource({
        "https://mail.example.com/EWS/Exchange.asmx, mail.example.com, -1",
        "https://mail.example.com:444/, mail.example.com, 444",
        "https://ex_01.corp.example/EWS/Exchange.asmx, ex_01.corp.example, -1",
        "http://crm_app:8080/hooks, crm_app, 8080",
        "http://crm_app:/hooks, crm_app, -1",
        "http://[::1]:8080/, [::1], 8080",
        "http://crm_app:70000/, crm_app, 70000"
    })
    void host_and_port_are_read(String address, String host, int port) {
        assertThat(WebHost.hostIn(URI.create(address))).contains(host);
        assertThat(WebHost.portIn(URI.create(address))).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mailto:ada@example.com", "/EWS", "http://user@crm_app/", "http://a_b:port/", "http:///x"})
    void other_addresses_have_none(String address) {
        assertThat(WebHost.hostIn(URI.create(address))).isEmpty();
        assertThat(WebHost.portIn(URI.create(address))).isEqualTo(-1);
    }

    @Test
    void a_proxy_may_have_such_a_name_too() {
        assertThat(ProxyConfig.of("http://squid_1:3128").host()).isEqualTo("squid_1");
        assertThat(ProxyConfig.of("http://squid_1:3128").port()).isEqualTo(3128);
    }

    @Test
    void autodiscover_may_lead_to_one() {
        var config = new AutodiscoverConfig(
                new ConnectionConfig(
                        "onprem",
                        URI.create("https://ex_01.corp.example/autodiscover/autodiscover.svc"),
                        "Exchange2013_SP1",
                        new ConnectionConfig.Auth.None(),
                        true,
                        Duration.ofSeconds(1),
                        1),
                java.util.List.of("*.dmz_1.example"),
                false);
        assertThat(config.trusts(URI.create("https://EX_01.corp.example/EWS/Exchange.asmx")))
                .isTrue();
        assertThat(config.trusts(URI.create("https://ex_02.dmz_1.example/EWS/Exchange.asmx")))
                .isTrue();
        assertThat(config.trusts(URI.create("https://ex_02.corp.example/EWS/Exchange.asmx")))
                .isFalse();
        assertThat(config.trusts(URI.create("https://ex_01.corp.example@evil.example/")))
                .isFalse();
    }
}
