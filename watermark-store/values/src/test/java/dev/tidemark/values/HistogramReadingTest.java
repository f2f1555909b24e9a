package dev.tidemark.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class HistogramReadingTest {
    private final DurationHistogram histogram =
            DurationHistogram.of(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofSeconds(1));

    private void record(int count, long millis) {
        for (var i = 0; i < count; i++) {
            histogram.record(Duration.ofMillis(millis));
        }
    }

    @Test
    void has_no_quantile_without_a_duration() {
        assertThat(histogram.reading().quantile(0.5)).isEmpty();
    }

    @Test
    void interpolates_a_quantile_within_its_bucket() {
        record(50, 50);
        record(50, 150);

        assertThat(histogram.reading().quantile(0.5).orElseThrow()).isEqualTo(0.1, within(1e-9));
        assertThat(histogram.reading().quantile(0.75).orElseThrow()).isEqualTo(0.15, within(1e-9));
    }

    @Test
    void a_quantile_beyond_the_last_limit_is_that_limit() {
        record(1, 50);
        record(9, 5000);

        assertThat(histogram.reading().quantile(0.99)).hasValue(1.0);
    }

    @Test
    void counts_only_durations_since_an_earlier_reading() {
        record(10, 50);
        var earlier = histogram.reading();
        record(4, 150);

        var since = histogram.reading().since(earlier);

        assertThat(since.counts()).containsExactly(0L, 4L, 0L, 0L);
        assertThat(since.seconds()).isEqualTo(0.6, within(1e-9));
    }

    @Test
    void counts_from_the_beginning_after_the_histogram_began_again() {
        record(10, 50);
        var earlier = histogram.reading();
        var replaced = DurationHistogram.of(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofSeconds(1));
        replaced.record(Duration.ofMillis(150));

        assertThat(replaced.reading().since(earlier).counts()).containsExactly(0L, 1L, 0L, 0L);
    }

    @Test
    void adds_the_durations_of_two_histograms() {
        record(2, 50);
        var sum = histogram.reading().plus(histogram.reading());

        assertThat(sum.count()).isEqualTo(4);
        assertThat(sum.seconds()).isEqualTo(0.2, within(1e-9));
    }
}
