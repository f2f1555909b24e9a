package dev.tidemark.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrossOriginFilterTest {
    private static final CrossOriginFilter LOCAL = new CrossOriginFilter(true, Optional.empty());

    private static AdminRequest request(String host, Optional<String> origin) {
        return new AdminRequest("GET", "/", Map.of(), Map.of(), Optional.of(host), origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "evil.example:8781", "127.0.0.1.evil.example", "10.0.0.1:8781", "[::2]:1", ""})
    void a_name_that_is_not_this_machine_is_refused(String host) {
        assertThat(LOCAL.rejection(request(host, Optional.empty()))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:8781", "127.0.0.1:8781", "127.1.2.3", "[::1]:8781", "[::1]"})
    void loopback_by_any_name_is_served(String host) {
        assertThat(LOCAL.rejection(request(host, Optional.empty()))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8781, true",
        "http://127.0.0.1:9999, false",
        "null, false",
        "https://evil.example, false"
    })
    void only_its_own_page_may_call_it(String origin, boolean served) {
        var objection = LOCAL.rejection(request("127.0.0.1:8781", Optional.of(origin)));
        assertThat(objection.isEmpty()).isEqualTo(served);
    }

    @ParameterizedTest
    @CsvSource({
        "tidemark.example.com,      https://tidemark.example.com, true",
        "Tidemark.Example.com,      '',                           true",
        "127.0.0.1:8781,            https://tidemark.example.com, true",
        "tidemark.example.com:8781, '',                           false",
        "evil.example,              '',                           false",
        "tidemark.example.com,      https://evil.example,         false"
    })
    void a_reverse_proxy_is_served_by_its_configured_name(String host, String origin, boolean served) {
        var filter = new CrossOriginFilter(true, Optional.of("tidemark.example.com"));
        var request = request(host, Optional.of(origin).filter(text -> !text.isEmpty()));
        assertThat(filter.rejection(request).isEmpty()).isEqualTo(served);
    }

    @ParameterizedTest
    @CsvSource({
        "gw1.example.com:8781, https://gw1.example.com:8781, true",
        "10.0.0.5:8781,        '',                           true",
        "gw1.example.com:8781, https://evil.example,         false"
    })
    void beyond_loopback_every_name_of_the_machine_is_served(String host, String origin, boolean served) {
        var filter = new CrossOriginFilter(false, Optional.empty());
        var request = request(host, Optional.of(origin).filter(text -> !text.isEmpty()));
        assertThat(filter.rejection(request).isEmpty()).isEqualTo(served);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    cross-site,  true",
        "HEAD,   cross-site,  true",
        "POST,   cross-site,  false",
        "POST,   same-site,   false",
        "DELETE, cross-site,  false",
        "POST,   same-origin, true",
        "POST,   none,        true"
    })
    void a_page_of_another_site_changes_nothing(String method, String site, boolean served) {
        var request = new AdminRequest(method, "/", Map.of(), Map.of(), Optional.of("localhost"), Optional.empty())
                .with("sec-fetch-site", site);
        assertThat(LOCAL.rejection(request).isEmpty()).isEqualTo(served);
    }
}
