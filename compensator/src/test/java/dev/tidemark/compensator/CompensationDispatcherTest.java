package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Tests the compensation of silent mailboxes: the longest silence first, within the rate.
final class CompensationDispatcherTest extends DispatcherTestBed {
    @Test
    void a_mailbox_that_calls_back_is_left_alone() {
        checkNow(active(1, START));
        assertThat(tick()).contains(START.plus(LIMIT));
        assertThat(repaired).isEmpty();
    }

    @Test
    void a_heartbeat_moves_the_deadline_silently() {
        checkNow(active(1, START));
        tick();
        clock.advance(LIMIT.minusSeconds(1));
        mailboxes.put(active(1, clock.instant()));
        clock.advance(Duration.ofSeconds(1));
        assertThat(tick()).contains(clock.instant().plus(LIMIT).minusSeconds(1));
        assertThat(repaired).isEmpty();
    }

    @Test
    void silence_is_compensated_once_and_then_watched_again() {
        checkNow(active(1, START));
        tick();
        clock.advance(LIMIT);
        tick();
        assertThat(repaired).containsExactly("mailbox1 SILENCE");
        assertThat(tick()).contains(clock.instant().plus(LIMIT));
        assertThat(repaired).hasSize(1);
    }

    @Test
    void a_first_callback_counts_even_where_the_limit_for_it_is_the_longer_one() {
        var drill = CompensatorTestBed.withSilence(
                CONFIG, Optional.of(Duration.ofSeconds(3)), Optional.of(Duration.ofMinutes(10)));
        var silenceSources =
                new CompensationPlanner.SilenceSources(outages, silenceRegistry, new PushRecoveryTracker());
        var planner = new CompensationPlanner(mailboxes, ignored -> Optional.of(PLAN), drill, silenceSources, clock);
        var drilled = new CompensationDispatcher(planner, this::execute, collaborators, requests, drill, clock);
        var young = active(1, START).neverCalledBack();
        young.subscribedAt = Optional.of(START);
        mailboxes.put(young);
        drilled.checkNow(CompensatedMailboxes.id(1));
        assertThat(drilled.tick(() -> {})).contains(START.plusSeconds(3));

        mailboxes.put(active(1, START.plusSeconds(1)));
        clock.advance(Duration.ofSeconds(4));
        drilled.tick(() -> {});
        running.forEach(Runnable::run);
        assertThat(repaired).containsExactly("mailbox1 SILENCE");
    }

    @Test
    void after_a_restart_only_what_was_silent_too_long_is_compensated() {
        checkNow(active(1, START.minusSeconds(60)), active(2, START.minus(LIMIT)), active(3, START.minusSeconds(60)));
        tick();
        assertThat(repaired).containsExactly("mailbox2 SILENCE");
    }

    @Test
    void the_longest_silence_goes_first_and_none_faster_than_the_rate() {
        checkNow(
                active(1, START.minus(LIMIT).minusSeconds(1)),
                active(2, START.minus(LIMIT).minusSeconds(3)),
                active(3, START.minus(LIMIT).minusSeconds(2)));
        assertThat(tick()).contains(START.plusSeconds(1));
        assertThat(repaired).containsExactly("mailbox2 SILENCE", "mailbox3 SILENCE");
        assertThat(dispatcher.counters().due()).isOne();
        clock.advance(Duration.ofSeconds(1));
        tick();
        assertThat(repaired).last().isEqualTo("mailbox1 SILENCE");
    }

    @Test
    void a_mailbox_that_calls_back_while_waiting_needs_no_repair_and_no_permit() {
        checkNow(
                active(1, START.minus(LIMIT).minusSeconds(9)),
                active(2, START.minus(LIMIT).minusSeconds(9)),
                active(3, START.minus(LIMIT).minusSeconds(2)),
                active(4, START.minus(LIMIT).minusSeconds(1)));
        tick();
        mailboxes.put(active(3, clock.instant()));
        clock.advance(Duration.ofSeconds(1));
        tick();
        assertThat(repaired).last().isEqualTo("mailbox4 SILENCE");
        assertThat(repaired).hasSize(3);
    }

    @Test
    void a_mass_recovery_is_reported_while_it_lasts() {
        checkNow(
                active(1, START.minus(LIMIT)),
                active(2, START.minus(LIMIT)),
                active(3, START.minus(LIMIT)),
                active(4, START.minus(LIMIT)),
                active(5, START.minus(LIMIT)));
        tick();
        assertThat(dispatcher.recovery()).isPresent();
        clock.advance(Duration.ofSeconds(1));
        tick();
        assertThat(dispatcher.recovery()).get().satisfies(recovery -> {
            assertThat(recovery.since()).isEqualTo(START);
            assertThat(recovery.done() + recovery.remaining()).isEqualTo(5);
        });
        clock.advance(Duration.ofSeconds(1));
        tick();
        tick();
        assertThat(dispatcher.recovery()).isEmpty();
    }

    @Test
    void a_pending_compensation_waits_for_its_own_time() {
        var due = new PendingCompensation(SubscribeReason.GAP, START.plusSeconds(30), false, "gap");
        checkNow(active(1, START).due(due));
        assertThat(tick()).contains(START.plusSeconds(30));
        clock.advance(Duration.ofSeconds(30));
        tick();
        assertThat(repaired).containsExactly("mailbox1 GAP");
    }

    @Test
    void a_removed_mailbox_is_forgotten() {
        checkNow(active(1, START));
        tick();
        mailboxes.remove(CompensatedMailboxes.id(1));
        clock.advance(LIMIT);
        assertThat(tick()).isEmpty();
        assertThat(repaired).isEmpty();
    }

    @Test
    void the_end_of_a_repair_wakes_the_sweep_and_counts() {
        exchange = ignored -> new SubscriptionOutcome.Resynced(RecoveredPage.RecoveryCounts.NONE);
        checkNow(active(1, START.minus(LIMIT)));
        tick();
        assertThat(wakes).isOne();
        var counters = dispatcher.counters();
        assertThat(counters).isEqualTo(new CompensatorCounters(1, 1, Map.of(), counters.outcomes(), 1, 0, 1));
        assertThat(counters.outcomes()).hasSize(12);
        assertThat(counters.outcomes().entrySet().stream().filter(each -> each.getValue() > 0))
                .singleElement()
                .satisfies(each -> assertThat(each.getKey().outcome()).isEqualTo("succeeded"));
    }

    @Test
    void a_mailbox_refused_for_half_a_status_frequency_is_compensated_when_the_store_writes_again() {
        checkNow(active(1, START), active(2, START));
        tick();
        outages.observe(false, clock.instant());
        clock.advance(Duration.ofSeconds(301));
        mailboxes.put(active(2, clock.instant()));
        assertThat(outages.observe(true, clock.instant())).isTrue();
        dispatcher.checkNow(CompensatedMailboxes.id(1));
        dispatcher.checkNow(CompensatedMailboxes.id(2));
        tick();
        assertThat(repaired).containsExactly("mailbox1 SILENCE");
        tick();
        assertThat(repaired).hasSize(1);
    }

    @Test
    void a_short_outage_is_made_good_by_exchange() {
        checkNow(active(1, START));
        outages.observe(false, clock.instant());
        clock.advance(Duration.ofMinutes(5));
        outages.observe(true, clock.instant());
        tick();
        assertThat(repaired).isEmpty();
    }
}
