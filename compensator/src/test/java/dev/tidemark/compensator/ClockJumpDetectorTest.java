package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClockJumpDetectorTest {
    private long millis = 1_000_000;
    private long nanos = -5;
    private final AtomicInteger setBack = new AtomicInteger();

    private ClockJumpDetector watch() {
        return new ClockJumpDetector(() -> millis, () -> nanos, setBack::incrementAndGet);
    }

    private void pass(Duration time) {
        millis += time.toMillis();
        nanos += time.toNanos();
    }

    @Test
    void a_clock_that_was_set_back_is_noticed_once() {
        try (var watch = watch()) {
            pass(Duration.ofSeconds(1));
            millis -= Duration.ofHours(1).toMillis();
            watch.check();
            pass(Duration.ofSeconds(1));
            watch.check();
        }
        assertThat(setBack).hasValue(1);
    }

    @Test
    void one_that_runs_evenly_or_was_set_forward_needs_nothing() {
        try (var watch = watch()) {
            pass(Duration.ofDays(3));
            watch.check();
            pass(Duration.ofSeconds(1));
            millis -= 900;
            watch.check();
            millis += Duration.ofDays(1).toMillis();
            watch.check();
        }
        assertThat(setBack).hasValue(0);
    }
}
