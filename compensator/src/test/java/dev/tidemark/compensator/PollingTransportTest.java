package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.subscriber.PollResult;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.testsupport.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PollingTransportTest {
    private static final Instant START = Instant.parse("2026-11-01T09:00:00Z");
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    private static final GroupSubscriptionConfig PLAN = CompensatorTestBed.plan();
    private static final PollResult NOTHING = new PollResult(RecoveredPage.RecoveryCounts.NONE, 1, Optional.empty());

    private final SettableClock clock = new SettableClock(START);
    private final FakeRegistry mailboxes = new FakeRegistry();
    private final List<Runnable> running = new ArrayList<>();
    private final List<MailboxId> polled = new ArrayList<>();
    private final List<MailboxId> restored = new ArrayList<>();
    private Function<MailboxId, PollResult> answer = ignored -> NOTHING;
    private ConnectionLimits limits = new ConnectionLimits(4, 20);
    private final PollingTransport polls = new PollingTransport(
            new PollingTransport.Dependencies(
                    mailboxes,
                    ignored -> Optional.of(PLAN),
                    ignored -> limits,
                    this::poll,
                    (name, id) -> restored.add(id)),
            new PollDelay(new PollDelay.ConfiguredDelay.Percent(50), Duration.ofMinutes(1)),
            running::add,
            clock);

    private PollResult poll(MailboxId id) {
        polled.add(id);
        return answer.apply(id);
    }

    private MailboxId degraded(int number) {
        var id = mailboxes
                .put(CompensatedMailboxes.active(number, START).degraded(START))
                .id();
        polls.enqueueCheck(id);
        return id;
    }

    private Optional<Instant> tick() {
        return polls.tick(() -> {});
    }

    private void finish() {
        var all = List.copyOf(running);
        running.clear();
        all.forEach(Runnable::run);
    }

    @Test
    void a_mailbox_is_polled_at_once_and_then_by_its_delay() {
        var ada = degraded(1);
        tick();
        finish();
        assertThat(tick()).contains(START.plus(FIVE_MINUTES));
        clock.advance(FIVE_MINUTES.minusMillis(1));
        tick();
        assertThat(running).isEmpty();
        clock.advance(Duration.ofMillis(1));
        tick();
        finish();
        assertThat(polled).containsExactly(ada, ada);
        assertThat(polls.counters().polls()).isEqualTo(2);
        assertThat(polls.counters().degraded()).isOne();
    }

    @Test
    void a_mailbox_whose_push_works_is_not_polled() {
        polls.enqueueCheck(mailboxes.put(CompensatedMailboxes.active(1, START)).id());
        assertThat(tick()).isEmpty();
        assertThat(running).isEmpty();
    }

    @Test
    void polls_take_half_of_the_connections_concurrency() {
        for (var number = 1; number <= 5; number++) {
            degraded(number);
        }
        tick();
        assertThat(running).hasSize(2);
        finish();
        tick();
        assertThat(running).hasSize(2);
        finish();
        tick();
        assertThat(running).hasSize(1);
    }

    @Test
    void delays_are_stretched_when_polls_would_take_more_than_half_of_the_rate() {
        limits = new ConnectionLimits(100, 1);
        // numbers with different ids
        for (var tens = 20; tens <= 70; tens += 10) {
            for (var ones = 2; ones <= 5; ones++) {
                degraded(tens + ones);
            }
        }
        answer = ignored -> new PollResult(RecoveredPage.RecoveryCounts.NONE, 10, Optional.empty());
        tick();
        finish();
        // 24 mailboxes with 10 requests each in 300 s are 0.8 per second; polls may use 0.5
        tick();
        assertThat(polls.counters().stretch()).containsEntry("onprem", 1.6);
        clock.advance(FIVE_MINUTES);
        tick();
        finish();
        assertThat(tick()).contains(START.plus(FIVE_MINUTES).plus(Duration.ofMinutes(8)));
    }

    @Test
    void a_poll_that_was_cut_short_goes_on_when_exchange_wants_it_to() {
        degraded(1);
        var later = START.plus(Duration.ofSeconds(40));
        answer = ignored -> new PollResult(
                RecoveredPage.RecoveryCounts.NONE,
                1,
                Optional.of(new SubscriptionOutcome.RetryAt(later, "ErrorServerBusy", "busy")));
        tick();
        finish();
        assertThat(tick()).contains(later);
    }

    @Test
    void a_poll_that_fails_in_an_unexpected_way_is_made_again() {
        degraded(1);
        answer = ignored -> {
            throw new IllegalStateException("unforeseen");
        };
        tick();
        finish();
        assertThat(tick()).contains(START.plus(Duration.ofSeconds(30)));
    }

    @Test
    void a_mailbox_whose_push_is_back_is_reported_and_polled_no_more() {
        var ada = degraded(1);
        tick();
        finish();
        tick();
        mailboxes.put(CompensatedMailboxes.active(1, START));
        clock.advance(FIVE_MINUTES);
        assertThat(tick()).isEmpty();
        assertThat(running).isEmpty();
        assertThat(restored).containsExactly(ada);
        assertThat(polls.counters().degraded()).isZero();
    }

    @Test
    void a_mailbox_that_was_removed_is_forgotten() {
        var ada = degraded(1);
        tick();
        mailboxes.remove(ada);
        finish();
        assertThat(tick()).isEmpty();
        assertThat(restored).isEmpty();
    }
}
