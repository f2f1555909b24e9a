package dev.tidemark.compensator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClockJumpDetectorTest {
    private long millis = 1_000_000;
    private long nanos = -5;
    private final AtomicInteger timesSetBack = new AtomicInteger();

    private ClockJumpDetector detector() {
        return new ClockJumpDetector(() -> millis, () -> nanos, timesSetBack::incrementAndGet);
    }

    private void pass(Duration time) {
        millis += time.toMillis();
        nanos += time.toNanos();
    }

    @Test
    void a_clock_that_was_set_back_is_noticed_once() {
        try (var detector = detector()) {
            pass(Duration.ofSeconds(1));
            millis -= Duration.ofHours(1).toMillis();
            detector.check();
            pass(Duration.ofSeconds(1));
            detector.check();
        }
        assertThat(timesSetBack).hasValue(1);
    }

    @Test
    void one_that_runs_evenly_or_was_set_forward_needs_nothing() {
        try (var detector = detector()) {
            pass(Duration.ofDays(3));
            detector.check();
            pass(Duration.ofSeconds(1));
            millis -= 900;
            detector.check();
            millis += Duration.ofDays(1).toMillis();
            detector.check();
        }
        assertThat(timesSetBack).hasValue(0);
    }
}
