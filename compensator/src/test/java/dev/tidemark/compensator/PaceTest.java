package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00Z");

    private final Pace pace = new Pace(2);

    @Test
    void no_second_sees_more_than_its_share() {
        assertThat(pace.allows(NOW)).isTrue();
        assertThat(pace.allows(NOW.plusMillis(600))).isTrue();
        assertThat(pace.allows(NOW.plusMillis(999))).isFalse();
        assertThat(pace.next()).isEqualTo(NOW.plusSeconds(1));
        assertThat(pace.allows(NOW.plusSeconds(1))).isTrue();
        assertThat(pace.allows(NOW.plusMillis(1100))).isFalse();
    }

    @Test
    void what_did_not_start_does_not_count() {
        assertThat(pace.allows(NOW)).isTrue();
        assertThat(pace.allows(NOW)).isTrue();
        pace.giveBack();
        assertThat(pace.allows(NOW)).isTrue();
        assertThat(pace.allows(NOW)).isFalse();
    }

    @Test
    void a_clock_that_is_set_back_stops_nobody() {
        assertThat(pace.allows(NOW)).isTrue();
        assertThat(pace.allows(NOW)).isTrue();
        assertThat(pace.allows(NOW.minusSeconds(3600))).isTrue();
        assertThat(pace.allows(NOW.minusSeconds(3600))).isTrue();
        assertThat(pace.allows(NOW.minusSeconds(3600))).isFalse();
    }
}
