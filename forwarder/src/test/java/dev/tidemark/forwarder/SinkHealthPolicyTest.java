package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.SinkHealthPolicy.Failure;
import dev.tidemark.forwarder.SinkState.Active;
import dev.tidemark.forwarder.SinkState.Disabled;
import dev.tidemark.forwarder.SinkState.Held;
import dev.tidemark.forwarder.SinkState.Refused;
import dev.tidemark.store.model.SinkStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SinkHealthPolicyTest {
    private static final Instant NOW = TestEvents.NOW;
    private static final Duration FIVE = Duration.ofSeconds(5);
    private static final Held HELD = new Held(NOW, NOW.plus(FIVE), FIVE, true);
    private static final Refused REFUSED = new Refused(NOW, NOW.plusSeconds(60));
    private static final Disabled PROBED = new Disabled(NOW, Optional.of(NOW));
    private static final Disabled OFF = new Disabled(NOW, Optional.empty());

    private final SinkHealthPolicy policy = new SinkHealthPolicy(SinkControllerFixture.CRM, 8, Duration.ofDays(5));

    @Test
    void probes_come_after_five_seconds_doubling_to_a_minute() {
        var state = policy.onFailure(new Active(8), failure(false), NOW).state();
        var waits = new java.util.ArrayList<Long>();
        var now = NOW;
        for (var i = 0; i < 6; i++) {
            var due = state.probeDue().orElseThrow();
            waits.add(Duration.between(now, due).toSeconds());
            now = due;
            state = policy.onFailure(state, failure(true), now).state();
        }
        assertThat(waits).containsExactly(5L, 10L, 20L, 40L, 60L, 60L);
    }

    @Test
    void of_two_held_parts_the_one_that_failed_first_is_worse() {
        var later = new Held(NOW.plusSeconds(1), NOW.plus(FIVE), FIVE, true);
        assertThat(HELD.isWorseThan(later)).isTrue();
        assertThat(later.isWorseThan(HELD)).isFalse();
        assertThat(later.isWorseThan(new Active(8))).isTrue();
        assertThat(HELD.isWorseThan(OFF)).isFalse();
        assertThat(new Active(1).isWorseThan(new Active(8))).isFalse();
    }

    @Test
    void requests_in_flight_at_the_hold_do_not_slow_its_probes() {
        assertThat(policy.onFailure(HELD, failure(false), NOW).state()).isEqualTo(HELD);
    }

    @Test
    void what_it_could_not_cope_with_is_halved_and_then_approached_slowly() {
        var half = policy.onOverload(new Active(8)).state();
        assertThat(half).isEqualTo(new Active(4, 4, 0));
        var limits = new java.util.ArrayList<Integer>();
        var state = policy.onOverload(half).state();
        for (var i = 0; i < 8; i++) {
            state = policy.onSuccess(state).state();
            limits.add(((Active) state).limit());
        }
        assertThat(limits).containsExactly(2, 3, 3, 3, 4, 4, 4, 4);
        assertThat(policy.onOverload(new Active(1)).state()).isEqualTo(new Active(1, 1, 0));
        assertThat(policy.onOverload(HELD).state()).isEqualTo(HELD);
    }

    @Test
    void a_moment_that_the_sink_names_is_obeyed_as_it_stands() {
        var later = NOW.plusSeconds(300);
        var named = new Failure("responded 429", Optional.of(later), true);
        assertThat(policy.onFailure(new Active(8), named, NOW).state().probeDue())
                .contains(later);
        assertThat(policy.onFailure(HELD, named, NOW).state().probeDue()).contains(later);
        var past = new Failure("responded 429", Optional.of(NOW), false);
        assertThat(policy.onFailure(new Active(8), past, NOW).state().probeDue())
                .contains(NOW.plusSeconds(1));
    }

    @Test
    void a_success_frees_it_and_each_further_one_doubles_what_it_gets() {
        var limits = new java.util.ArrayList<SinkState>();
        SinkState state = HELD;
        for (var i = 0; i < 5; i++) {
            state = policy.onSuccess(state).state();
            limits.add(state);
        }
        assertThat(limits).containsExactly(new Active(1), new Active(2), new Active(4), new Active(8), new Active(8));
        assertThat(policy.onSuccess(REFUSED).state()).isEqualTo(new Active(1));
    }

    @Test
    void a_late_success_does_not_overrule_an_operator() {
        assertThat(policy.onSuccess(OFF).state()).isEqualTo(OFF);
        assertThat(policy.onSuccess(PROBED).notice().orElseThrow().type()).isEqualTo("sink.enabled");
    }

    @Test
    void it_is_disabled_once_it_failed_long_enough() {
        var end = NOW.plus(Duration.ofDays(5));
        assertThat(policy.onFailure(HELD, failure(true), end.minusMillis(1)).state())
                .isInstanceOf(Held.class);
        var change = policy.onFailure(HELD, failure(true), end);
        assertThat(change.state()).isEqualTo(new Disabled(NOW, Optional.of(end.plus(Duration.ofHours(1)))));
        assertThat(change.notice().orElseThrow().type()).isEqualTo("sink.disabled");
    }

    @Test
    void gone_disables_it_from_every_state_until_an_operator_enables_it() {
        for (var state : List.of(new Active(8), HELD, REFUSED, PROBED)) {
            assertThat(policy.onGone(state, "responded 410", NOW).state()).isEqualTo(OFF);
        }
        assertThat(policy.onFailure(OFF, failure(false), NOW).state()).isEqualTo(OFF);
        assertThat(policy.enabledByOperator(OFF).state()).isEqualTo(new Active(1));
    }

    @Test
    void failing_is_reported_once_and_not_for_a_retry_after() {
        var hold = policy.onFailure(new Active(8), failure(false), NOW);
        assertThat(hold.notice().orElseThrow().type()).isEqualTo("sink.failing");
        assertThat(policy.onFailure(hold.state(), failure(true), NOW).notice()).isEmpty();

        var wait = policy.onFailure(new Active(8), new Failure("responded 429", Optional.of(NOW), false), NOW);
        assertThat(wait.notice()).isEmpty();
        assertThat(policy.onFailure(wait.state(), failure(true), NOW).notice()).isPresent();
    }

    @Test
    void a_sink_failing_before_a_restart_is_probed_at_once_and_not_reported_again() {
        for (var state : List.of(new Active(8), HELD, PROBED, OFF)) {
            var status = SinkHealthPolicy.statusOf(state, Optional.of("connection refused"));
            var started = policy.start(status, NOW);
            assertThat(started.label()).isEqualTo(state.label());
        }
        var refused = policy.start(SinkHealthPolicy.statusOf(REFUSED, Optional.empty()), NOW);
        assertThat(refused).isEqualTo(new Held(NOW, NOW, FIVE, true));
        assertThat(policy.start(SinkStatus.HEALTHY, NOW)).isEqualTo(new Active(8));
    }

    private static Failure failure(boolean probe) {
        return new Failure("connection refused", Optional.empty(), probe);
    }
}
