package dev.tidemark.values;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ReadableTimeTest {
    @Test
    void a_time_is_shown_to_the_second() {
        assertThat(ReadableTime.of(Instant.parse("2026-11-01T07:33:57.343431337Z")))
                .isEqualTo("2026-11-01T07:33:57Z");
        assertThat(ReadableTime.of(Instant.parse("2026-11-01T07:33:00Z"))).isEqualTo("2026-11-01T07:33:00Z");
    }

    @Test
    void times_within_a_text_are_cut_and_nothing_else_is() {
        assertThat(ReadableTime.within("asked again, 2026-11-01T07:33:57.343431337Z, 1.5 s, v10.2Z"))
                .isEqualTo("asked again, 2026-11-01T07:33:57Z, 1.5 s, v10.2Z");
        assertThat(ReadableTime.within("2026-11-01T07:33:57.343Z to 2026-11-01T07:34:57Z"))
                .isEqualTo("2026-11-01T07:33:57Z to 2026-11-01T07:34:57Z");
        assertThat(ReadableTime.within("-")).isEqualTo("-");
    }
}
