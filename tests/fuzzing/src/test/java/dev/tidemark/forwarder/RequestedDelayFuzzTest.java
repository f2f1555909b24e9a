package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tidemark.http.RequestedDelay;
import java.time.Duration;
import java.time.Instant;

/// Fuzzes the delays and dates that peers send.
final class RequestedDelayFuzzTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:15:02.413Z");

    @FuzzTest
    void a_delay_is_within_its_limits_or_unreadable(FuzzedDataProvider data) {
        var text = data.consumeRemainingAsString();
        RequestedDelay.ofSeconds(text).ifPresent(RequestedDelayFuzzTest::requireLimits);
        RequestedDelay.ofMillis(text).ifPresent(RequestedDelayFuzzTest::requireLimits);
        RequestedDelay.ofRetryAfter(text, NOW).ifPresent(RequestedDelayFuzzTest::requireLimits);
        RetryAfterParser.parse(text, NOW)
                .ifPresent(until -> assertThat(until).isBetween(NOW, NOW.plus(Duration.ofHours(24))));
    }

    @FuzzTest
    void a_date_is_read_alike_with_blanks_around_it(FuzzedDataProvider data) {
        var text = data.consumeRemainingAsString();
        assertThat(RequestedDelay.date(" " + text + "\t")).isEqualTo(RequestedDelay.date(text));
    }

    private static void requireLimits(RequestedDelay delay) {
        assertThat(delay.length()).isBetween(Duration.ZERO, RequestedDelay.MAX);
    }
}
