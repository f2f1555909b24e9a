package dev.tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SlewingClockTest {
    private Instant system = Instant.parse("2026-03-29T01:30:00Z");
    private long nanos = Long.MAX_VALUE - 7;
    private final InstantSource source = () -> system;
    private final SlewingClock clock = new SlewingClock(source.withZone(ZoneOffset.UTC), () -> nanos);

    private void pass(Duration time) {
        system = system.plus(time);
        nanos += time.toNanos();
    }

    private void set(UnaryOperator<Instant> change) {
        system = change.apply(system);
    }

    /// Returns the advance of the clock in this time, read once per second.
    private Duration goesOn(Duration time) {
        var before = clock.instant();
        for (var left = time.toSeconds(); left > 0; left--) {
            pass(Duration.ofSeconds(1));
            assertThat(clock.instant()).isAfterOrEqualTo(before);
        }
        return Duration.between(before, clock.instant());
    }

    @Test
    void says_what_the_system_says_while_that_runs_evenly() {
        for (var step : new long[] {1, 999, 1_000, 60_000, 86_400_000}) {
            pass(Duration.ofMillis(step));
            assertThat(clock.instant()).isEqualTo(system);
        }
    }

    @Test
    void small_corrections_apply_at_once() {
        set(now -> now.minusMillis(1_500));
        assertThat(clock.instant()).isEqualTo(system);
        pass(Duration.ofSeconds(2));
        set(now -> now.plusMillis(1_500));
        assertThat(clock.instant()).isEqualTo(system);
    }

    @Test
    void set_back_it_goes_on_at_half_the_speed_until_they_agree() {
        var before = clock.instant();
        set(now -> now.minus(Duration.ofHours(1)));
        assertThat(clock.instant()).isEqualTo(before);

        assertThat(goesOn(Duration.ofMinutes(30))).isEqualTo(Duration.ofMinutes(15));
        assertThat(goesOn(Duration.ofMinutes(89))).isEqualTo(Duration.ofSeconds(89 * 30));
        assertThat(clock.instant()).isAfter(system);
        pass(Duration.ofMinutes(1));
        assertThat(clock.instant()).isEqualTo(system);
        pass(Duration.ofMinutes(1));
        assertThat(clock.instant()).isEqualTo(system);
    }

    @Test
    void set_forward_it_goes_on_a_quarter_faster_until_they_agree() {
        var before = clock.instant();
        set(now -> now.plus(Duration.ofDays(1)));
        assertThat(clock.instant()).isEqualTo(before);

        assertThat(goesOn(Duration.ofHours(1))).isEqualTo(Duration.ofMinutes(75));
        pass(Duration.ofHours(94));
        assertThat(clock.instant()).isBefore(system);
        pass(Duration.ofHours(1));
        assertThat(clock.instant()).isEqualTo(system);
    }

    @Test
    void set_right_again_it_agrees_at_once() {
        set(now -> now.plus(Duration.ofDays(1)));
        assertThat(clock.instant()).isBefore(system);
        set(now -> now.minus(Duration.ofDays(1)));
        pass(Duration.ofSeconds(1));
        assertThat(clock.instant()).isEqualTo(system);
    }
}
