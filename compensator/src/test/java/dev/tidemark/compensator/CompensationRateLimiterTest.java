package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CompensationRateLimiterTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00Z");

    private final CompensationRateLimiter limiter = new CompensationRateLimiter(2, () -> 0.0);

    @Test
    void no_second_sees_more_than_its_share() {
        assertThat(limiter.tryAcquire(NOW)).isTrue();
        assertThat(limiter.tryAcquire(NOW.plusMillis(600))).isTrue();
        assertThat(limiter.tryAcquire(NOW.plusMillis(999))).isFalse();
        assertThat(limiter.nextPermitAt()).isEqualTo(NOW.plusSeconds(1));
        assertThat(limiter.tryAcquire(NOW.plusSeconds(1))).isTrue();
        assertThat(limiter.tryAcquire(NOW.plusMillis(1100))).isFalse();
    }

    @Test
    void what_did_not_start_does_not_count() {
        assertThat(limiter.tryAcquire(NOW)).isTrue();
        assertThat(limiter.tryAcquire(NOW)).isTrue();
        limiter.release();
        assertThat(limiter.tryAcquire(NOW)).isTrue();
        assertThat(limiter.tryAcquire(NOW)).isFalse();
    }

    @Test
    void starts_are_spread_over_the_second_and_the_rate_is_reached_all_the_same() {
        for (var rate : List.of(1, 2, 20)) {
            var random = new Random(3);
            var spread = new CompensationRateLimiter(rate, random::nextDouble);
            var starts = new ArrayList<Instant>();
            for (var now = NOW; now.isBefore(NOW.plusSeconds(100)); now = now.plusMillis(1)) {
                if (spread.tryAcquire(now)) {
                    starts.add(now);
                }
            }
            assertThat((double) starts.size()).isBetween(95.0 * rate, 100.0 * rate + 1);
            assertThat(starts)
                    .allSatisfy(start -> assertThat(starts)
                            .filteredOn(other -> !other.isBefore(start) && other.isBefore(start.plusSeconds(1)))
                            .hasSizeLessThanOrEqualTo(rate));
        }
    }

    @Test
    void a_clock_that_is_set_back_stops_no_repair() {
        assertThat(limiter.tryAcquire(NOW)).isTrue();
        assertThat(limiter.tryAcquire(NOW)).isTrue();
        assertThat(limiter.tryAcquire(NOW.minusSeconds(3600))).isTrue();
        assertThat(limiter.tryAcquire(NOW.minusSeconds(3600))).isTrue();
        assertThat(limiter.tryAcquire(NOW.minusSeconds(3600))).isFalse();
    }
}
