package dev.tidemark.daemon.admin.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testsupport.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LoginThrottleTest {
    private static final String ATTACKER = "192.0.2.7";

    private final SettableClock clock = new SettableClock();
    private int invalid;
    private int throttled;
    private final LoginThrottle throttle = new LoginThrottle(clock, new LoginThrottle.LoginMeter() {
        @Override
        public void countInvalid() {
            invalid++;
        }

        @Override
        public void countThrottled() {
            throttled++;
        }
    });

    private void fail(String address, int times) {
        for (var i = 0; i < times; i++) {
            assertThat(throttle.delay(address)).as("before failure %s", i + 1).isEmpty();
            throttle.recordFailure(address);
        }
    }

    @Test
    void wrong_tokens_are_slowed_down_and_other_addresses_are_not() {
        for (var address : new String[] {ATTACKER, "127.0.0.1"}) {
            fail(address, LoginThrottle.MAX_FAILURES);
            assertThat(throttle.delay(address)).contains(Duration.ofSeconds(1));
        }
        assertThat(throttle.delay("192.0.2.8")).isEmpty();
        assertThat(invalid).isEqualTo(2 * LoginThrottle.MAX_FAILURES);
        assertThat(throttled).isEqualTo(2);
        clock.advance(Duration.ofSeconds(1));
        fail(ATTACKER, 1);
        assertThat(throttle.delay(ATTACKER)).isPresent();
    }

    @Test
    void failures_are_forgiven_with_time() {
        fail(ATTACKER, LoginThrottle.MAX_FAILURES);
        clock.advance(Duration.ofSeconds(LoginThrottle.MAX_FAILURES));
        fail(ATTACKER, LoginThrottle.MAX_FAILURES);
        assertThat(throttle.delay(ATTACKER)).isPresent();
    }

    @Test
    void a_clock_that_is_set_back_locks_no_address_out() {
        fail(ATTACKER, 3);
        clock.advance(Duration.ofDays(-30));
        assertThat(throttle.delay(ATTACKER).orElse(Duration.ZERO)).isLessThanOrEqualTo(Duration.ofSeconds(1));
        throttle.recordFailure(ATTACKER);
        clock.advance(Duration.ofSeconds(LoginThrottle.MAX_FAILURES));
        assertThat(throttle.delay(ATTACKER)).isEmpty();
    }

    @Test
    void an_ipv6_network_counts_as_one_client() {
        for (var host = 1; host <= LoginThrottle.MAX_FAILURES; host++) {
            fail("2001:db8:1:2::" + host, 1);
        }
        assertThat(throttle.delay("2001:db8:1:2:ffff::1")).isPresent();
        assertThat(throttle.delay("2001:db8:1:3::1")).isEmpty();
    }

    @Test
    void memory_is_bounded() {
        for (var i = 0; i < 20_000; i++) {
            throttle.recordFailure("10.1." + i / 250 + "." + i % 250);
        }
        assertThat(throttle.addresses()).isEqualTo(10_000);
    }
}
