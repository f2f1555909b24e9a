package dev.tidemark.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {
    private final DurationConverter option = new DurationConverter();

    @ParameterizedTest
    @CsvSource({"0,PT0S", "45,PT45S", "30s,PT30S", "500ms,PT0.5S", "5m,PT5M", "2h,PT2H", "1d,PT24H"})
    void reads_durations_as_the_configuration_writes_them(String text, Duration expected) {
        assertThat(option.convert(text)).isEqualTo(expected);
    }

    @Test
    void refuses_what_is_none() {
        assertThatThrownBy(() -> option.convert("a while")).isInstanceOf(TypeConversionException.class);
        assertThatThrownBy(() -> option.convert("-5s")).isInstanceOf(TypeConversionException.class);
    }
}
