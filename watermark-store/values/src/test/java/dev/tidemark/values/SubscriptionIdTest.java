package dev.tidemark.values;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionIdTest {
    @Test
    void an_id_of_2013_and_later_names_its_server() {
        var bytes = "\u0010\u0000EX01.example.comand more".getBytes(StandardCharsets.US_ASCII);
        assertThat(new SubscriptionId(Base64.getEncoder().encodeToString(bytes)).host())
                .contains("ex01.example.com");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s1", "no base64 at all", "AA==", "AAAA", "//8AAA==", "BAA8Pj8h", "EABBQkM="})
    void any_other_id_names_no_host(String value) {
        assertThat(new SubscriptionId(value).host()).isEmpty();
    }
}
