package dev.tidemark.ews.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.EwsError.RetryAfter;
import dev.tidemark.http.RequestedDelay;
import dev.tidemark.values.ResponseCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestedDelayTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final long MAX = RequestedDelay.MAX.toSeconds();

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = '|',
            value = {
                "0 | 0",
                "' 120 ' | 120",
                "000000000000000000000000000000000120 | 120",
                "31536000 | 31536000",
                "31622401 | 31622400",
                "9223372036854775807 | 31622400",
                "99999999999999999999999999 | 31622400",
                "Sun, 01 Mar 2026 10:01:00 GMT | 60",
                "Sunday, 01-Mar-26 10:01:00 GMT | 60",
                "Sun Mar  1 10:01:00 2026 | 60",
                "Fri, 31 Dec 9999 23:59:59 GMT | 31622400",
                "Sun, 01 Mar 2026 09:59:59 GMT | -",
                "Sat, 01 Jan 0000 00:00:00 GMT | -",
                "Sun, 01 Mar 999999999 10:01:00 GMT | -",
                "Sun, 31 Feb 2026 10:01:00 GMT | -",
                "-5 | -",
                "2. | 2",
                ".5 | -",
                "1,5 | -",
                "-1.5 | -",
                "1e3 | -",
                "+5 | -",
                "0x10 | -",
                "'' | -",
                "tomorrow | -"
            })
    void retry_after_is_seconds_or_a_date_in_each_of_its_forms(String text, Long seconds) {
        var expected = Optional.ofNullable(seconds).map(Duration::ofSeconds).map(RequestedDelay::new);
        assertThat(RequestedDelay.ofRetryAfter(text, NOW)).isEqualTo(expected);
    }

    /// urllib3 #2861 and getsentry/sentry #7919: rate limiters that send the rest of their window.
    @ParameterizedTest
    @CsvSource({"1.5, 1500", "292.052427053, 292052", "0.503, 503", "99999999999999999999.9, 31622400000"})
    void retry_after_may_have_a_fraction(String text, long millis) {
        assertThat(RequestedDelay.ofRetryAfter(text, NOW)).contains(new RequestedDelay(Duration.ofMillis(millis)));
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 1000, 4096, 4097, 100_000})
    void any_number_of_digits_is_the_longest_wait(int digits) {
        var text = "9".repeat(digits);
        assertThat(RequestedDelay.ofRetryAfter(text, NOW)).contains(new RequestedDelay(RequestedDelay.MAX));
        assertThat(RequestedDelay.ofSeconds(text)).contains(new RequestedDelay(RequestedDelay.MAX));
        assertThat(RequestedDelay.ofMillis(text)).contains(new RequestedDelay(RequestedDelay.MAX));
        assertThat(RequestedDelay.ofMillis("-" + text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "3599, 3599000",
                "3599.5, 3599500",
                "1.0E3, 1000000",
                "1E+999999999, 31622400000",
                "1E-999999999, 0",
                "-1, -",
                "NaN, -",
                "Infinity, -"
            })
    void seconds_may_be_written_as_json_writes_numbers(String text, Long millis) {
        assertThat(RequestedDelay.ofSeconds(text).map(delay -> delay.length().toMillis()))
                .isEqualTo(Optional.ofNullable(millis));
    }

    @Test
    void milliseconds_beyond_long_are_the_longest_wait() {
        assertThat(RequestedDelay.ofMillis("297749")).contains(new RequestedDelay(Duration.ofMillis(297_749)));
        assertThat(RequestedDelay.ofMillis("9223372036854775808")).contains(new RequestedDelay(RequestedDelay.MAX));
    }

    @Test
    void the_limits_hold_however_it_is_made() {
        assertThat(new RequestedDelay(Duration.ofSeconds(-1)).length()).isZero();
        assertThat(new RequestedDelay(Duration.ofSeconds(Long.MAX_VALUE))
                        .length()
                        .toSeconds())
                .isEqualTo(MAX);
        assertThat(new RetryAfter(new ResponseCode("Http503"), "", Optional.of(Duration.ofSeconds(Long.MAX_VALUE)))
                        .backOff())
                .contains(RequestedDelay.MAX);
    }
}
