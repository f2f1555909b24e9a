package dev.tidemark.store.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import org.junit.jupiter.api.Test;

/// Keeps the part of a response body that every engine can store.
final class RefusedResponseTest {
    private static String kept(String body) {
        return new RefusedResponse(500, body).body();
    }

    @Test
    void a_body_is_cut_at_4_KiB_between_two_characters() {
        assertThat(kept("x".repeat(4096))).hasSize(4096);
        assertThat(kept("x".repeat(4097))).hasSize(4096);
        assertThat(kept("x" + "🙂".repeat(2000))).isEqualTo("x" + "🙂".repeat(1023));
        assertThat(kept("ä".repeat(4096)).getBytes(UTF_8)).hasSize(4096);
    }

    @Test
    void characters_that_no_engine_can_store_are_replaced() {
        assertThat(kept("a\0b")).isEqualTo("a\uFFFDb");
        assertThat(kept("a\ud83db")).isEqualTo("a?b");
    }
}
