package dev.tidemark.store.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompensationBackoffTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00Z");

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 30", "2, 60", "3, 120", "4, 240", "5, 480", "6, 900", "7, 900", "1000, 900"})
    void doubles_from_half_a_minute_to_a_quarter_of_an_hour(int step, long seconds) {
        assertThat(CompensationBackoff.delay(step)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void failures_close_together_are_consecutive() {
        var backoff = CompensationBackoff.NONE.after(NOW);
        assertThat(backoff.due(NOW.plusSeconds(10))).isEqualTo(NOW.plusSeconds(40));
        backoff = backoff.after(NOW.plusSeconds(10));
        assertThat(backoff.due(NOW.plusSeconds(100))).isEqualTo(NOW.plusSeconds(160));
    }

    @Test
    void a_healthy_period_resets_the_count() {
        var backoff = CompensationBackoff.NONE.after(NOW).after(NOW);
        var later = NOW.plus(Duration.ofMinutes(6));
        assertThat(backoff.due(later)).isEqualTo(later);
        assertThat(backoff.after(later).step()).isEqualTo(1);
    }

    @Test
    void the_maximum_delay_does_not_count_as_a_healthy_period() {
        var backoff = new CompensationBackoff(8, Optional.of(NOW));
        var later = NOW.plus(Duration.ofMinutes(20));
        assertThat(backoff.due(later)).isEqualTo(later.plus(Duration.ofMinutes(15)));
    }
}
