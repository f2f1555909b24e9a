package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.targets.InvalidSettingException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetryScheduleTest {
    private final RetrySchedule schedule = new RetrySchedule(RetryConfig.DEFAULT.schedule());

    @Test
    void after_the_last_wait_there_is_no_other() {
        assertThat(schedule.after(10, 0.5)).isEmpty();
        assertThat(schedule.after(9, 0.5)).contains(Duration.ofHours(24));
        assertThat(new RetrySchedule(List.of()).after(1, 0.5)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 4000", "1, 0.5, 5000", "1, 0.999999, 6000", "2, 0.25, 270000", "3, 0.75, 1980000"})
    void waits_are_blurred_by_up_to_a_fifth(int failures, double random, long milliseconds) {
        assertThat(schedule.after(failures, random)).contains(Duration.ofMillis(milliseconds));
    }

    @Test
    void a_negative_wait_is_refused() {
        var waits = List.of(Duration.ofSeconds(-1));
        assertThatThrownBy(() -> new RetryConfig(waits, Duration.ZERO, Duration.ZERO))
                .isInstanceOf(InvalidSettingException.class);
    }
}
