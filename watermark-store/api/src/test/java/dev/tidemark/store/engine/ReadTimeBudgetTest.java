package dev.tidemark.store.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ReadTimeBudgetTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00Z");

    private final ReadTimeBudget budget = new ReadTimeBudget(NOW);

    /// Spends 100 ms per read for a time without a pause; returns the number of reads.
    private int reads(Duration time) {
        var count = 0;
        for (var now = NOW; now.isBefore(NOW.plus(time)); ) {
            if (budget.allows(now)) {
                budget.spend(Duration.ofMillis(100));
                now = now.plusMillis(100);
                count++;
            } else {
                now = now.plusMillis(10);
            }
        }
        return count;
    }

    @Test
    void a_second_may_be_spent_at_once() {
        assertThat(reads(Duration.ofSeconds(1))).isEqualTo(10);
    }

    @Test
    void reads_take_5_percent_in_the_long_run() {
        // 10 at once, and one every two seconds
        assertThat(reads(Duration.ofSeconds(1_000))).isBetween(509, 511);
    }

    @Test
    void a_quiet_day_refills_at_most_a_second() {
        assertThat(budget.allows(NOW.plus(Duration.ofDays(1)))).isTrue();
        budget.spend(Duration.ofSeconds(1));
        assertThat(budget.allows(NOW.plus(Duration.ofDays(1)))).isFalse();
    }

    @Test
    void a_clock_that_is_set_back_neither_refills_nor_blocks() {
        budget.spend(Duration.ofSeconds(1));
        assertThat(budget.allows(NOW.minusSeconds(3_600))).isFalse();
        budget.spend(Duration.ofHours(-1));
        assertThat(budget.allows(NOW.minusSeconds(3_600))).isFalse();
        assertThat(budget.allows(NOW.minusSeconds(3_599))).isTrue();
    }

    @Test
    void a_clock_that_is_set_forward_during_a_read_delays_others_by_seconds_only() {
        budget.spend(Duration.ofDays(1));
        assertThat(budget.allows(NOW.plusSeconds(20))).isFalse();
        assertThat(budget.allows(NOW.plusSeconds(21))).isTrue();
    }
}
