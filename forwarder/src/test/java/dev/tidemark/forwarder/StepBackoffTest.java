package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

final class StepBackoffTest {
    private static final Instant NOW = TestEvents.NOW;

    private final RuntimeException failure = new IllegalStateException("the store is closed");
    private final StepBackoff backoff = new StepBackoff(SinkControllerFixture.CRM);

    @Test
    void a_sink_without_failures_never_waits() {
        assertThat(backoff.isWaiting(NOW)).isFalse();
        backoff.onSuccess();
        assertThat(backoff.isWaiting(NOW)).isFalse();
    }

    @Test
    void each_failure_doubles_the_delay_up_to_half_a_minute() {
        var delays = new ArrayList<Long>();
        for (var i = 0; i < 7; i++) {
            var resumeAt = backoff.onFailure(failure, NOW);
            assertThat(backoff.resumeAt()).isEqualTo(resumeAt);
            delays.add(Duration.between(NOW, resumeAt).toSeconds());
        }
        assertThat(delays).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
    }

    @Test
    void it_waits_until_the_delay_is_over() {
        backoff.onFailure(failure, NOW);
        assertThat(backoff.isWaiting(NOW.plusMillis(999))).isTrue();
        assertThat(backoff.isWaiting(NOW.plusSeconds(1))).isFalse();
    }

    @Test
    void a_success_starts_from_the_shortest_delay_again() {
        backoff.onFailure(failure, NOW);
        backoff.onFailure(failure, NOW);
        backoff.onSuccess();
        assertThat(backoff.onFailure(failure, NOW)).isEqualTo(NOW.plusSeconds(1));
    }
}
