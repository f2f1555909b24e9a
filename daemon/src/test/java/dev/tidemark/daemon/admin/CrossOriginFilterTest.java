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
}
