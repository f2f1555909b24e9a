package dev.tidemark.forwarder.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.forwarder.targets.EgressPolicy.RefusedAddressException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EgressPolicyTest {
    @ParameterizedTest
    @CsvSource({
        // address, allowed by default, allowed by public-only
        "93.184.216.34, true, true",
        "2606:2800:220:1::1, true, true",
        "10.1.2.3, true, false",
        "172.16.0.1, true, false",
        "172.32.0.1, true, true",
        "192.168.1.1, true, false",
        "100.64.0.1, true, false",
        "198.18.0.1, true, false",
        "fd12:3456::1, true, false",
        "192.0.2.1, true, false",
        "192.0.0.1, true, false",
        "192.0.0.9, true, true",
        "192.88.99.1, true, false",
        "198.51.100.7, true, false",
        "203.0.113.7, true, false",
        "240.0.0.1, true, false",
        "192.31.196.1, true, true",
        "192.52.193.1, true, true",
        "192.175.48.1, true, true",
        "2001:db8::1, true, false",
        "3fff::1, true, false",
        "5f00::1, true, false",
        "100::1, true, false",
        "2001:2::1, true, false",
        "fec0::1, true, false",
        "2001:4:112::1, true, true",
        "2620:4f:8000::1, true, true",
        "::ffff:10.0.0.1, true, false",
        "64:ff9b::a01:203, true, false",
        "64:ff9b:1::7f00:1, false, false",
        "2001:0:4136:e378:8000:63bf:80ff:fffe, false, false",
        "2001:db8::5efe:7f00:1, false, false",
        "2002:a01:203::1, true, false",
        "127.0.0.1, false, false",
        "127.255.255.254, false, false",
        "::1, false, false",
        "0.0.0.0, false, false",
        "0.1.2.3, false, false",
        "::, false, false",
        "::ffff:127.0.0.1, false, false",
        "64:ff9b::7f00:1, false, false",
        "169.254.1.1, false, false",
        "fe80::1, false, false",
        "224.0.0.1, false, false",
        "255.255.255.255, false, false",
        "ff02::1, false, false"
    })
    void an_address_is_open_or_not(String text, boolean standard, boolean publicOnly) throws Exception {
        var address = InetAddress.ofLiteral(text);
        assertThat(policy(false).refusal(address).isEmpty()).isEqualTo(standard);
        assertThat(policy(true).refusal(address).isEmpty()).isEqualTo(publicOnly);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.170.2",
                "168.63.129.16",
                "100.100.100.200",
                "fd00:ec2::254",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::1"
            })
    void what_gives_out_credentials_is_never_open(String text) throws Exception {
        var address = InetAddress.ofLiteral(text);
        var refusal = policy(false, "0.0.0.0/0", "::/0").refusal(address).orElseThrow();
        assertThat(refusal.allow()).isEmpty();
        assertThat(refusal.text()).contains("never");
    }

    @Test
    void a_line_opens_a_network_and_a_refusal_names_the_line() throws Exception {
        var loopback = InetAddress.ofLiteral("127.0.0.1");
        assertThat(policy(false, "127.0.0.0/8").refusal(loopback)).isEmpty();
        assertThat(policy(false, "127.0.0.1").refusal(loopback)).isEmpty();
        assertThat(policy(false, "10.0.0.0/8").refusal(loopback).orElseThrow().text())
                .isEqualTo("127.0.0.1 is loopback and egress does not allow it; add egress.allow: [ 127.0.0.1/32 ]");
        assertThat(policy(false)
                        .refusal(InetAddress.ofLiteral("::1"))
                        .orElseThrow()
                        .allow())
                .contains("::1/128");
    }

    @Test
    void of_a_names_addresses_only_the_open_ones_are_used() throws Exception {
        var open = InetAddress.ofLiteral("93.184.216.34");
        var closed = InetAddress.ofLiteral("169.254.169.254");
        var mixed = new EgressPolicy(EgressConfig.standard(), host -> new InetAddress[] {closed, open});
        assertThat(mixed.resolve("mixed.example")).containsExactly(open);
        var shut = new EgressPolicy(EgressConfig.standard(), host -> new InetAddress[] {closed, closed});
        assertThatThrownBy(() -> shut.resolve("shut.example")).isInstanceOf(RefusedAddressException.class);
    }

    @Test
    void a_name_that_does_not_resolve_is_no_refusal() {
        var none = new EgressPolicy(EgressConfig.standard(), host -> {
            throw new UnknownHostException(host);
        });
        assertThatThrownBy(() -> none.resolve("nowhere.example")).isExactlyInstanceOf(UnknownHostException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "localhost", "10.0.0.0/33", "10.*.*.*", "10.0.0.1-5", "10.0.0.0/255.0.0.0", "10"})
    void what_is_no_network_is_refused(String text) {
        assertThatThrownBy(() -> new EgressConfig(false, List.of(text)))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("egress.allow");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "localhost",
                "LOCALHOST.",
                "crm.localhost",
                "2130706433",
                "0x7f.1",
                "0177.0.0.1",
                "127.1",
                "169.254.169.254",
                "metadata.google.internal",
                "[fd00:ec2::254]"
            })
    void what_is_known_without_resolving_is_refused_so(String host) {
        assertThatThrownBy(() -> policy(false).requireAllowed(host)).isInstanceOf(RefusedAddressException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"crm.example.com", "10.0.0.1", "[2606:2800:220:1::1]", "127.0.0.1.example.com", "face.example"})
    void the_rest_is_not(String host) {
        assertThatCode(() -> policy(false).requireAllowed(host)).doesNotThrowAnyException();
        assertThatCode(() -> policy(false, "127.0.0.0/8").requireAllowed("localhost"))
                .doesNotThrowAnyException();
    }

    private static EgressPolicy policy(boolean publicOnly, String... allow) {
        return new EgressPolicy(new EgressConfig(publicOnly, List.of(allow)), InetAddress::getAllByName);
    }
}
