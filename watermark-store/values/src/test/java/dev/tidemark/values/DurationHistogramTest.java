package dev.tidemark.values;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DurationHistogramTest {
    private final DurationHistogram histogram =
            DurationHistogram.of(Duration.ofMillis(1), Duration.ofMillis(10), Duration.ofSeconds(1));

    @Test
    void has_every_bucket_before_the_first_duration() {
        assertThat(histogram.reading().limits()).containsExactly(0.001, 0.01, 1.0);
        assertThat(histogram.reading().counts()).containsExactly(0L, 0L, 0L, 0L);
    }

    @Test
    void counts_a_duration_at_a_limit_below_it() {
        histogram.record(Duration.ofMillis(1));
        histogram.record(Duration.ofMillis(1).plusNanos(1));
        histogram.record(Duration.ofSeconds(1));
        histogram.record(Duration.ofHours(1));

        assertThat(histogram.reading().counts()).containsExactly(1L, 1L, 1L, 1L);
        assertThat(histogram.reading().count()).isEqualTo(4);
    }

    @Test
    void sums_durations_in_seconds() {
        histogram.record(Duration.ofMillis(1500));
        histogram.recordNanos(500_000_000);

        assertThat(histogram.reading().seconds()).isEqualTo(2.0);
    }

    @Test
    void counts_what_a_clock_that_went_back_made_negative_as_zero() {
        histogram.record(Duration.ofSeconds(-5));

        assertThat(histogram.reading().counts()).containsExactly(1L, 0L, 0L, 0L);
        assertThat(histogram.reading().seconds()).isZero();
    }

    @Test
    void accepts_durations_beyond_the_range_of_nanoseconds() {
        histogram.record(Duration.ofDays(400_000));

        assertThat(histogram.reading().counts()).containsExactly(0L, 0L, 0L, 1L);
    }
}
