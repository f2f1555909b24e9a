package dev.tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class StatusCommandTest {
    private static Map<String, Object> sink(String state) {
        return Map.of("name", "crm", "state", state, "backlog", 7, "lastError", "answered 503");
    }

    @Test
    void a_sink_that_is_not_as_it_should_be_says_why() {
        assertThat(StatusCommand.sink(sink("held"))).isEqualTo("sink crm: held, backlog 7: answered 503");
        assertThat(StatusCommand.sink(sink("active"))).isEqualTo("sink crm: active, backlog 7");
        assertThat(StatusCommand.sink(Map.of("name", "crm", "state", "held", "backlog", 0)))
                .isEqualTo("sink crm: held, backlog 0");
    }
}
