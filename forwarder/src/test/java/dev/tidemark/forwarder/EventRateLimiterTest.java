package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testsupport.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class EventRateLimiterTest {
    private final SettableClock clock = new SettableClock(TestEvents.NOW);

    @Test
    void no_limit_lets_everything_go() {
        assertThat(sentWithin(new EventRateLimiter(0), 1, 1000)).isEqualTo(100_000);
    }

    @Test
    void a_limit_holds_over_the_seconds_and_within_each() {
        assertThat(sentWithin(new EventRateLimiter(50), 1, 1000)).isBetween(50, 53);
        assertThat(sentWithin(new EventRateLimiter(50), 1, 100)).isBetween(5, 8);
        assertThat(sentWithin(new EventRateLimiter(2000), 1, 10_000)).isBetween(20_000, 20_100);
    }

    @Test
    void a_request_of_many_is_paid_for_by_the_next() {
        assertThat(sentWithin(new EventRateLimiter(50), 100, 10_000)).isBetween(500, 600);
    }

    @Test
    void an_idle_while_earns_next_to_nothing() {
        var limit = new EventRateLimiter(100);
        limit.record(1, clock.instant());
        clock.advance(Duration.ofHours(1));
        assertThat(sentWithin(limit, 1, 100)).isBetween(10, 16);
    }

    /// Checks every millisecond and sends as many events as allowed, at most 100.
    private int sentWithin(EventRateLimiter limit, int size, int milliseconds) {
        var sent = 0;
        for (var i = 0; i < milliseconds; i++) {
            for (var j = 0; j < 100 && limit.allows(clock.instant()); j++) {
                limit.record(size, clock.instant());
                sent += size;
            }
            clock.advance(Duration.ofMillis(1));
        }
        return sent;
    }
}
