package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressFilterTest {
    @Test
    void without_ranges_anyone_may_call() {
        var callers = callers(List.of(), List.of());
        assertThat(callers.isAllowed("192.0.2.1")).isTrue();
        assertThat(callers.isAllowed("2001:db8::1")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "10.0.0.7, 10.0.0.7, true",
        "10.0.0.7, 10.0.0.8, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
        "10.0.0.0/8, ::1, false",
        "fd00::/8, fd12::1, true",
        "fe80::/10, fe80::1%eth0, true",
        "::1, 0:0:0:0:0:0:0:1, true",
        "10.0.0.0/8, unknown, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, '', false",
        "0.0.0.0/0, *, false",
        "0.0.0.0/0, 10.1, false",
        "8.0.0.0/8, 010.0.0.1, false"
    })
    void ranges_hold_what_they_say(String range, String address, boolean held) {
        assertThat(callers(List.of(range), List.of()).isAllowed(address)).isEqualTo(held);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0/33", "example.com", "*", "10.1-2.0.0", "10", "10.0.0.0/8,11.0.0.0/8"})
    void what_is_no_range_is_a_fault(String range) {
        assertThatThrownBy(() -> AddressRanges.of(List.of(range)))
                .isInstanceOf(ListenerException.class)
                .hasMessageContaining("10.0.0.0/8");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, '192.0.2.7', 192.0.2.7",
        "10.0.0.1, '198.51.100.1, 192.0.2.7', 192.0.2.7",
        "10.0.0.1, '192.0.2.7, 10.0.0.2', 192.0.2.7",
        "10.0.0.1, '10.0.0.3, 10.0.0.2', 10.0.0.3",
        "10.0.0.1, '', 10.0.0.1",
        "10.0.0.1, '192.0.2.7, unknown', unknown",
        "10.0.0.1, '192.0.2.7:4711', 192.0.2.7",
        "10.0.0.1, '[2001:db8::7]:4711', 2001:db8::7",
        "10.0.0.1, '2001:db8::7', 2001:db8::7",
        "192.0.2.1, '10.0.0.9', 192.0.2.1"
    })
    void the_right_most_address_that_is_no_proxy_counts(String peer, String header, String caller) {
        assertThat(callers(List.of(), List.of("10.0.0.0/8")).clientAddress(peer, List.of(header)))
                .isEqualTo(caller);
    }

    @Test
    void several_headers_are_one_list() {
        var callers = callers(List.of(), List.of("10.0.0.0/8"));
        assertThat(callers.clientAddress("10.0.0.1", List.of("192.0.2.1", "192.0.2.2, 10.0.0.2")))
                .isEqualTo("192.0.2.2");
    }

    private static ClientAddressFilter callers(List<String> allowed, List<String> proxies) {
        return new ClientAddressFilter(AddressRanges.of(allowed), AddressRanges.of(proxies));
    }
}
