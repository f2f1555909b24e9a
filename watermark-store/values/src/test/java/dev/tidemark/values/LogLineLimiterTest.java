package dev.tidemark.values;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LogLineLimiterTest {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

    private final LogLineLimiter limiter = new LogLineLimiter();

    private long admitted(int lines, Instant at) {
        return IntStream.range(0, lines)
                .filter(i -> limiter.admit(at).isPresent())
                .count();
    }

    @Test
    void writes_a_few_lines_whole() {
        assertThat(admitted(10, START)).isEqualTo(10);
    }

    @Test
    void leaves_out_the_rest_of_thousands_and_counts_them_in_the_next_line() {
        assertThat(admitted(2000, START)).isEqualTo(10);
        assertThat(limiter.admit(START.plus(Duration.ofMinutes(1)))).isEqualTo(OptionalLong.of(1990));
        assertThat(limiter.admit(START.plus(Duration.ofMinutes(1)))).isEqualTo(OptionalLong.of(0));
    }

    @Test
    void does_not_stay_silent_after_the_clock_went_back() {
        admitted(20, START);

        assertThat(limiter.admit(START.minus(Duration.ofHours(1)))).isEqualTo(OptionalLong.of(10));
    }

    @Test
    void names_the_number_only_if_there_is_one() {
        assertThat(LogLineLimiter.suffix(0)).isEmpty();
        assertThat(LogLineLimiter.suffix(7)).contains("7 more");
    }
}
