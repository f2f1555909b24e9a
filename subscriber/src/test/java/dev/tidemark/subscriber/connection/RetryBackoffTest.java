package dev.tidemark.subscriber.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryBackoffTest {
    @ParameterizedTest
    @CsvSource({"1, PT2S", "2, PT4S", "3, PT8S", "9, PT8M32S", "10, PT15M", "1000000, PT15M"})
    void doubles_up_to_fifteen_minutes(int failures, Duration expected) {
        assertThat(RetryBackoff.delayAfter(failures, 0.5)).isEqualTo(expected);
    }

    @Test
    void spreads_by_a_fifth_either_way() {
        assertThat(RetryBackoff.delayAfter(10, 0)).isEqualTo(Duration.ofMinutes(12));
        assertThat(RetryBackoff.delayAfter(10, 1)).isEqualTo(Duration.ofMinutes(18));
    }

    @Test
    void never_comes_back_before_exchange_wants_it() {
        var asked = Duration.ofSeconds(100);
        assertThat(RetryBackoff.requestedDelay(asked, 0)).isEqualTo(asked);
        assertThat(RetryBackoff.requestedDelay(asked, 0.5)).isEqualTo(Duration.ofSeconds(110));
    }
}
