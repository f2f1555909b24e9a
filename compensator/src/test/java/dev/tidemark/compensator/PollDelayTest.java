package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollDelayTest {
    @ParameterizedTest(name = "delay {0}, min-delay {1}: every {2} s is polled every {3} s")
    @CsvSource(nullValues = "none", textBlock = """
                    50%,  60,   30, none
                    50%,  60,   90,   60
                    50%,  60,  180,   90
                    50%,  60, 1800,  900
                    120,  60,   30, none
                    120,  60,   90,   90
                    120,  60,  180,  120
                    120,  60, 1800,  120
                     60, 120,   30, none
                     60, 120,   90, none
                     60, 120,  180,  120
                     60, 120, 1800,  120
                    50%,  -1,   30, none
                    50%,  -1,   90, none
                    50%,  -1,  180, none
                    50%,  -1, 1800, none
                    """)
    void follows_the_worked_table(String delay, long minDelay, long statusFrequency, Long expected) {
        var policy = new PollDelay(wish(delay), Duration.ofSeconds(minDelay));

        assertThat(policy.at(Duration.ofSeconds(statusFrequency)))
                .isEqualTo(Optional.ofNullable(expected).map(Duration::ofSeconds));
    }

    @Test
    void never_polls_more_rarely_than_a_heartbeat_would_come() {
        var policy = new PollDelay(wish("500%"), Duration.ofSeconds(60));

        assertThat(policy.at(Duration.ofMinutes(10))).contains(Duration.ofMinutes(10));
    }

    private static PollDelay.ConfiguredDelay wish(String delay) {
        return delay.endsWith("%")
                ? new PollDelay.ConfiguredDelay.Percent(Integer.parseInt(delay.substring(0, delay.length() - 1)))
                : new PollDelay.ConfiguredDelay.Fixed(Duration.ofSeconds(Long.parseLong(delay)));
    }
}
