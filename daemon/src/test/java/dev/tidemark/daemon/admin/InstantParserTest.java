package dev.tidemark.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.daemon.config.BadValueException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstantParserTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-01T09:00:00Z"), ZoneOffset.UTC);

    @Test
    void a_moment_is_given_in_full_or_goes_back_from_now() throws BadValueException {
        assertThat(InstantParser.parse("2026-10-01T00:00:00Z", CLOCK)).contains(Instant.parse("2026-10-01T00:00:00Z"));
        assertThat(InstantParser.parse("2h", CLOCK)).contains(Instant.parse("2026-11-01T07:00:00Z"));
        assertThat(InstantParser.parse("9999-12-31T23:59:59Z", CLOCK)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"+10000-01-01T00:00:00Z", "+1000000000-12-31T23:59:59Z", "-0001-01-01T00:00:00Z", "soon"})
    void what_is_in_no_calendar_is_none(String text) throws BadValueException {
        assertThat(InstantParser.parse(text, CLOCK)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999d", "99999999999999999999d"})
    void so_long_ago_that_it_could_overflow_is_refused(String text) {
        assertThatThrownBy(() -> InstantParser.parse(text, CLOCK)).isInstanceOf(BadValueException.class);
    }
}
