package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.targets.DeliveryResult.Status;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DeliveryOutcomeTest {
    private static final Instant NOW = TestEvents.NOW;

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // code, Retry-After, others succeed, other lane busy before, outcome, seconds
                "204, -,  false, false, Delivered,   -",
                "500, -,  false, false, EventFailed, -",
                "500, 60, false, false, EventFailed, -",
                "302, -,  false, false, EventFailed, -",
                "410, -,  true,  false, Gone,        -",
                "502, -,  false, false, SinkFailed,  -",
                "502, -,  true,  false, EventFailed, -",
                "504, 60, false, false, SinkFailed,  -",
                "429, -,  false, false, SinkFailed,  -",
                "429, -,  true,  false, EventFailed, -",
                "429, 60, false, false, SinkFailed,  60",
                "429, 60, true,  false, SinkFailed,  60",
                "503, -,  false, false, SinkFailed,  -",
                "503, -,  false, true,  SinkFailed,  -",
                "503, -,  true,  false, EventFailed, -",
                "503, 60, false, false, LaneBusy,    60",
                "503, 60, false, true,  SinkFailed,  60",
                "503, 60, true,  true,  SinkFailed,  60",
                "503, 60, true,  false, EventFailed, 60",
                "503, soon, false, false, SinkFailed, -"
            })
    void an_answer_means_this(
            int code, String retryAfter, boolean others, boolean otherLane, String outcome, Long seconds) {
        var answer = new Status(code, Optional.ofNullable(retryAfter));
        var decided = DeliveryOutcome.of(answer, NOW, others, otherLane);
        assertThat(decided.getClass().getSimpleName()).isEqualTo(outcome);
        assertThat(timeOf(decided)).isEqualTo(Optional.ofNullable(seconds).map(NOW::plusSeconds));
    }

    private static Optional<Instant> timeOf(DeliveryOutcome outcome) {
        return switch (outcome) {
            case DeliveryOutcome.SinkFailed failed -> failed.retryAt();
            case DeliveryOutcome.LaneBusy busy -> Optional.of(busy.until());
            case DeliveryOutcome.EventFailed failed -> failed.notBefore();
            case DeliveryOutcome.Delivered ignored -> Optional.empty();
            case DeliveryOutcome.Gone ignored -> Optional.empty();
            case DeliveryOutcome.Refused ignored -> Optional.empty();
        };
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = '|',
            value = {
                "0 | 0",
                " 120 | 120",
                "86400 | 86400",
                "999999 | 86400",
                "Sun, 01 Nov 2026 09:16:02 GMT | 59.587",
                "Sun, 01 Nov 2025 09:16:02 GMT | -",
                "Sat, 01 Nov 2025 09:16:02 GMT | -",
                "Fri, 01 Nov 2030 09:16:02 GMT | 86400",
                "-5 | -",
                "1.5 | 1.5",
                "9223372036854775807 | 86400",
                "99999999999999999999 | 86400",
                "Fri, 31 Dec 9999 23:59:59 GMT | 86400",
                "tomorrow | -"
            })
    void retry_after_is_read_as_seconds_or_a_date_up_to_a_day(String text, Double seconds) {
        var expected = Optional.ofNullable(seconds).map(value -> NOW.plusMillis(Math.round(value * 1000)));
        assertThat(RetryAfterParser.parse(text, NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"503, 60, true", "503, -, false", "503, soon, false", "429, 60, false", "500, 60, false"})
    void only_a_503_with_a_time_concerns_one_mailbox(int code, String retryAfter, boolean busy) {
        assertThat(DeliveryOutcome.isBusy(new Status(code, Optional.ofNullable(retryAfter)), NOW))
                .isEqualTo(busy);
    }

    @Test
    void a_refused_address_keeps_the_line_to_add() {
        var refused = new DeliveryResult.AddressRefused("127.0.0.1 is loopback", Optional.of("127.0.0.1/32"));
        assertThat(DeliveryOutcome.of(refused, NOW, true, true))
                .isEqualTo(new DeliveryOutcome.Refused(
                        "127.0.0.1 is loopback; add egress.allow: [ 127.0.0.1/32 ]", Optional.of("127.0.0.1/32")));
    }
}
