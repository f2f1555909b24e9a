package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.config.StreamConfig;
import dev.tidemark.testsupport.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Checks that the described next step matches the decision: the same time, in words that fit the state.
class NextStepTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(60);
    private static final Duration FIRST_CALLBACK = Duration.ofSeconds(690);
    private static final GroupSubscriptionConfig PLAN = CompensatorTestBed.plan();

    private final FakeRegistry mailboxes = new FakeRegistry();

    @Test
    void a_failed_mailbox_is_asked_again_until_its_cause_is_corrected() {
        var failed = new MailboxState.Failed("ErrorAccessDenied", "no");
        var at = NOW.plus(Duration.ofHours(4));
        var expected = new NextStep(
                "tried again automatically", Optional.of(at), Optional.of("needs operator action: ErrorAccessDenied"));
        assertThat(nextStep(CompensatedMailboxes.fresh(1).state(failed), Optional.of(at)))
                .isEqualTo(expected);
        assertThat(nextStep(active().state(failed), Optional.of(at))).isEqualTo(expected);
        assertThat(nextStep(active().state(failed).degraded(NOW).state(failed), Optional.of(at)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(
            value = FallbackConfig.Transport.class,
            names = {"POLL", "STREAMING"})
    void push_of_a_degraded_mailbox_is_tried_again_with_any_transport(FallbackConfig.Transport transport) {
        var degraded = active().degraded(NOW).neverCalledBack();
        degraded.subscribedAt = Optional.of(NOW.minus(FIRST_CALLBACK));
        var expected = new NextStep(
                "probe of push", Optional.of(NOW.plus(FIRST_CALLBACK)), Optional.of("push was suspended at " + NOW));
        var planner = planner(Optional.empty(), transport);
        var id = mailboxes.put(degraded).id();
        assertThat(planner.nextStep(id, Optional.empty(), false)).contains(expected);
        assertThat(planner.nextStep(id, Optional.of(NOW.plusSeconds(30)), false))
                .as("right after push was suspended")
                .contains(expected);
    }

    @Test
    void what_is_tried_again_for_a_passing_error_says_which() {
        assertThat(nextStep(active().withoutSubscription(), Optional.of(LATER)))
                .isEqualTo(new NextStep("retry", Optional.of(LATER), Optional.empty()));
        var gap = new PendingCompensation(SubscribeReason.GAP, NOW, false, "gap");
        assertThat(nextStep(active().due(gap), Optional.of(LATER)))
                .isEqualTo(new NextStep("retry", Optional.of(LATER), Optional.of("gap")));
    }

    @Test
    void a_hold_that_is_over_or_before_the_time_of_a_pending_compensation_is_not_reported() {
        var gap = new PendingCompensation(SubscribeReason.GAP, LATER, false, "gap");
        assertThat(nextStep(active().due(gap), Optional.of(NOW.plusSeconds(30))))
                .isEqualTo(new NextStep("compensation", Optional.of(LATER), Optional.of("gap")));
        assertThat(nextStep(active().withoutSubscription(), Optional.of(NOW)).action())
                .isEqualTo("resubscription at once");
    }

    @Test
    void a_paused_mailbox_comes_to_nothing_even_on_hold() {
        assertThat(nextStep(active().state(new MailboxState.Paused()), Optional.of(LATER)))
                .isEqualTo(new NextStep("nothing", Optional.empty(), Optional.of("paused")));
    }

    @Test
    void a_subscription_that_never_called_back_has_until_its_first_callback_is_overdue() {
        var young = active().neverCalledBack();
        young.subscribedAt = Optional.of(NOW);
        // a shorter silence limit makes the check earlier, but is not the deadline
        var id = mailboxes.put(young).id();
        for (var absolute : List.of(Optional.<Duration>empty(), Optional.of(Duration.ofSeconds(3)))) {
            var planner = planner(absolute, FallbackConfig.Transport.NONE);
            assertThat(planner.nextStep(id, Optional.empty(), false))
                    .contains(new NextStep(
                            "silent without a first callback",
                            Optional.of(NOW.plus(FIRST_CALLBACK)),
                            Optional.empty()));
        }
    }

    @Test
    void a_sound_mailbox_is_silent_if_no_callback_comes_by_its_deadline() {
        assertThat(nextStep(active(), Optional.empty()))
                .isEqualTo(new NextStep(
                        "silent without a callback", Optional.of(NOW.plusSeconds(2 * 600 + 90)), Optional.empty()));
    }

    private static CompensatedMailboxes.Builder active() {
        return CompensatedMailboxes.active(1, NOW).fingerprint(PLAN.fingerprint());
    }

    private NextStep nextStep(CompensatedMailboxes.Builder mailbox, Optional<Instant> hold) {
        var id = mailboxes.put(mailbox).id();
        return planner(Optional.empty(), FallbackConfig.Transport.NONE)
                .nextStep(id, hold, false)
                .orElseThrow();
    }

    private CompensationPlanner planner(Optional<Duration> absolute, FallbackConfig.Transport transport) {
        var fallback = new FallbackConfig(3, transport, FallbackConfig.NONE.delay(), StreamConfig.DEFAULT);
        var config = CompensatorTestBed.withSilence(
                CompensatorTestBed.config(Duration.ofSeconds(10), 2, fallback), absolute, Optional.empty());
        var silenceSources = new CompensationPlanner.SilenceSources(
                new StoreOutageTracker(), new CohortSilenceRegistry(), new PushRecoveryTracker());
        return new CompensationPlanner(
                mailboxes, ignored -> Optional.of(PLAN), config, silenceSources, new SettableClock(NOW));
    }
}
