package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ListenerLifecycleTest {
    private long now = -5;
    private final ListenerLifecycle lifecycle = new ListenerLifecycle(() -> now);

    @Test
    void draining_takes_callbacks_until_its_end() {
        assertThat(lifecycle.drain(Duration.ofNanos(10))).isTrue();
        assertThat(lifecycle.isHealthy()).isFalse();
        assertThat(lifecycle.isAccepting()).isTrue();
        assertThat(lifecycle.remainingDrain()).isEqualTo(Duration.ofNanos(10));
        now = 5;
        assertThat(lifecycle.isAccepting()).isFalse();
        assertThat(lifecycle.remainingDrain()).isZero();
    }

    @Test
    void draining_again_does_not_restart_it() {
        lifecycle.drain(Duration.ofNanos(10));
        now = 4;
        assertThat(lifecycle.drain(Duration.ofNanos(10))).isFalse();
        assertThat(lifecycle.remainingDrain()).isEqualTo(Duration.ofNanos(1));
    }

    @Test
    void what_is_closed_stays_closed() {
        assertThat(lifecycle.close()).isTrue();
        assertThat(lifecycle.close()).isFalse();
        assertThat(lifecycle.drain(Duration.ofNanos(10))).isFalse();
        assertThat(lifecycle.isHealthy()).isFalse();
        assertThat(lifecycle.isAccepting()).isFalse();
    }
}
