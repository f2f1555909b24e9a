package dev.tidemark.ews.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.DateTimeException;
import java.time.Instant;

/// Fuzzes the times of events, which every database downstream must be able to hold.
final class TimestampFuzzTest {
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

    @FuzzTest
    void a_time_is_in_the_years_that_every_database_holds(FuzzedDataProvider data) {
        var text = data.consumeRemainingAsString();
        var parsed = TimestampParser.parse(text);
        parsed.ifPresent(time -> assertThat(time).isBetween(FIRST, Instant.parse("9999-12-31T23:59:59.999999999Z")));
        try {
            var expected = Instant.parse(text);
            // hour 24, which no server writes, counts as unreadable
            if (text.length() == 20 && !text.startsWith("24", 11) && !expected.isBefore(FIRST)) {
                assertThat(parsed).contains(expected);
            }
        } catch (DateTimeException otherForm) {
            // the product is more lenient
        }
    }
}
