package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ListenerLifecycleTest {
    private long now = -5;
    private final ListenerLifecycle phase = new ListenerLifecycle(() -> now);

    @Test
    void draining_takes_call_backs_until_its_end() {
        assertThat(phase.drain(Duration.ofNanos(10))).isTrue();
        assertThat(phase.isHealthy()).isFalse();
        assertThat(phase.isAccepting()).isTrue();
        assertThat(phase.remainingDrain()).isEqualTo(Duration.ofNanos(10));
        now = 5;
        assertThat(phase.isAccepting()).isFalse();
        assertThat(phase.remainingDrain()).isZero();
    }

    @Test
    void draining_again_does_not_start_anew() {
        phase.drain(Duration.ofNanos(10));
        now = 4;
        assertThat(phase.drain(Duration.ofNanos(10))).isFalse();
        assertThat(phase.remainingDrain()).isEqualTo(Duration.ofNanos(1));
    }

    @Test
    void what_is_closed_stays_closed() {
        assertThat(phase.close()).isTrue();
        assertThat(phase.close()).isFalse();
        assertThat(phase.drain(Duration.ofNanos(10))).isFalse();
        assertThat(phase.isHealthy()).isFalse();
        assertThat(phase.isAccepting()).isFalse();
    }
}
