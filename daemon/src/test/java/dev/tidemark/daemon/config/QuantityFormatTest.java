package dev.tidemark.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityFormatTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5 s", "s", "1.5h", "10min", "5S", "99999999999s", "--5s"})
    void a_duration_without_a_known_unit_is_refused(String text) {
        assertThatThrownBy(() -> QuantityFormat.duration(text)).isInstanceOf(BadValueException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"36501d", "999999999d", "-999999999d", "999999999h"})
    void a_duration_that_could_overflow_somewhere_is_refused(String text) {
        assertThatThrownBy(() -> QuantityFormat.duration(text))
                .isInstanceOf(BadValueException.class)
                .hasMessageContaining("is too long; write at most 36500d");
    }

    @Test
    void the_longest_duration_fits_into_nanoseconds_and_dates() throws BadValueException {
        var longest = QuantityFormat.duration("36500d");
        assertThat(longest.toNanos()).isPositive();
        assertThat(Instant.now().plus(longest).toEpochMilli()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5 MiB", "1MB", "1.5GiB", "-1B", "KiB"})
    void a_size_without_a_known_unit_is_refused(String text) {
        assertThatThrownBy(() -> QuantityFormat.size(text)).isInstanceOf(BadValueException.class);
    }

    @Test
    void a_value_of_several_lines_is_refused_on_one() {
        assertThatThrownBy(() -> QuantityFormat.duration("5 minutes\nor\r\n\tso"))
                .isInstanceOf(BadValueException.class)
                .hasMessageStartingWith("'5 minutes or so' is not a duration");
    }

    @ParameterizedTest
    @CsvSource({"250ms,PT0.25S", "30s,PT30S", "5m,PT5M", "24h,PT24H", "30d,PT720H", "0,PT0S", "-1s,PT-1S"})
    void reads_durations(String text, Duration expected) throws BadValueException {
        assertThat(QuantityFormat.duration(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"12,12", "12B,12", "64KiB,65536", "1MiB,1048576", "2GiB,2147483648"})
    void reads_sizes(String text, long expected) throws BadValueException {
        assertThat(QuantityFormat.size(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "250ms", "90s", "5m", "24h", "7d", "120h", "-1s"})
    void shows_a_duration_so_that_it_reads_back(String text) throws BadValueException {
        var duration = QuantityFormat.duration(text);
        assertThat(QuantityFormat.duration(QuantityFormat.format(duration))).isEqualTo(duration);
    }

    @Test
    void shows_amounts_in_their_largest_whole_unit() {
        assertThat(QuantityFormat.format(Duration.ofHours(24))).isEqualTo("24h");
        assertThat(QuantityFormat.format(Duration.ofDays(30))).isEqualTo("30d");
        assertThat(QuantityFormat.format(Duration.ofSeconds(90))).isEqualTo("90s");
        assertThat(QuantityFormat.format(1L << 20)).isEqualTo("1MiB");
        assertThat(QuantityFormat.format(1000L)).isEqualTo("1000B");
    }
}
