package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Tests first subscriptions up to the limit of each connection.
final class FirstSubscriptionDispatchTest extends DispatcherTestBed {
    @Test
    void first_subscriptions_do_not_wait_for_the_rate() {
        checkNow(
                CompensatedMailboxes.fresh(1),
                CompensatedMailboxes.fresh(2),
                CompensatedMailboxes.fresh(3),
                CompensatedMailboxes.fresh(4));
        tick();
        assertThat(repaired).hasSize(4).allMatch(line -> line.endsWith("INITIAL"));
    }

    @Test
    void first_subscriptions_of_many_mailboxes_start_in_order_a_limited_number_at_a_time() {
        var numbers = IntStream.range(0, 20_000);
        exchange = mailbox -> {
            mailboxes.put(CompensatedMailboxes.active(mailbox.id(), 0, clock.instant())
                    .fingerprint(PLAN.fingerprint()));
            return new SubscriptionOutcome.Subscribed();
        };
        checkNow(numbers.mapToObj(number -> new CompensatedMailboxes.Builder(ManyMailboxes.id(number), number))
                .toArray(CompensatedMailboxes.Builder[]::new));
        var ticks = 0;
        for (var left = 20_000; left > 0; left = 20_000 - repaired.size()) {
            tickOnly();
            ticks++;
            assertThat(dispatcher.counters().inFlight()).isEqualTo(Math.min(FIRST_LIMIT, left));
            assertThat(dispatcher.counters().due()).isEqualTo(Math.max(0, left - FIRST_LIMIT));
            running.forEach(Runnable::run);
            running.clear();
        }
        assertThat(ticks).isEqualTo(20_000 / FIRST_LIMIT + 1);
        assertThat(repaired)
                .containsExactlyElementsOf(IntStream.range(0, 20_000)
                        .mapToObj(number -> "mailbox" + number + " INITIAL")
                        .toList());
    }

    @Test
    void a_first_subscription_that_ends_starts_the_next() {
        var count = FIRST_LIMIT + 2;
        checkNow(IntStream.range(0, count)
                .mapToObj(number -> new CompensatedMailboxes.Builder(ManyMailboxes.id(number), number))
                .toArray(CompensatedMailboxes.Builder[]::new));
        exchange = mailbox -> new SubscriptionOutcome.RetryAt(START.plusSeconds(900), "ErrorServerBusy", "busy");
        tickOnly();
        tickOnly();
        assertThat(running).hasSize(FIRST_LIMIT);
        assertThat(dispatcher.nextStep(ManyMailboxes.id(count - 1)).action()).contains("when its turn comes");
        running.removeFirst().run();
        tickOnly();
        assertThat(running).hasSize(FIRST_LIMIT);
        assertThat(dispatcher.counters().due()).isOne();
    }

    @Test
    void first_subscriptions_wait_for_the_end_of_a_back_off_and_one_probes_before_the_others() {
        backoff = Optional.of(START.plusSeconds(40));
        checkNow(CompensatedMailboxes.fresh(2), CompensatedMailboxes.fresh(3), CompensatedMailboxes.fresh(4));
        assertThat(tick()).contains(START.plusSeconds(40));
        assertThat(repaired).isEmpty();
        clock.advance(Duration.ofSeconds(40));
        tick();
        assertThat(repaired).containsExactly("mailbox2 INITIAL");
        tick();
        assertThat(repaired).hasSize(3);
    }

    @Test
    void a_waiting_first_subscription_moves_with_its_group_from_a_connection_that_backs_off() {
        backoff = Optional.of(START.plusSeconds(40));
        checkNow(CompensatedMailboxes.fresh(2));
        tick();
        assertThat(repaired).isEmpty();
        plan = planOn("online");
        checkNow(CompensatedMailboxes.fresh(2));
        tick();
        assertThat(repaired).containsExactly("mailbox2 INITIAL");
    }

    @Test
    void a_first_subscription_whose_group_moved_waits_for_the_limit_of_the_new_connection() {
        backoff = Optional.of(START.plusSeconds(40));
        checkNow(CompensatedMailboxes.fresh(2), CompensatedMailboxes.fresh(3), CompensatedMailboxes.fresh(4));
        tick();
        plan = planOn("online");
        clock.advance(Duration.ofSeconds(40));
        tickOnly();
        assertThat(running).hasSize(1);
        assertThat(dispatcher.counters().due()).isEqualTo(2);
    }

    @Test
    void a_failed_check_of_a_waiting_first_subscription_is_repeated() {
        backoff = Optional.of(START.plusSeconds(40));
        checkNow(CompensatedMailboxes.fresh(2), CompensatedMailboxes.fresh(3));
        tick();
        mailboxes.failOn(CompensatedMailboxes.id(2));
        clock.advance(Duration.ofSeconds(40));
        tick();
        assertThat(repaired).containsExactly("mailbox3 INITIAL");
        mailboxes.failOn(CompensatedMailboxes.id(7));
        clock.advance(Duration.ofSeconds(30));
        tick();
        assertThat(repaired).containsExactly("mailbox3 INITIAL", "mailbox2 INITIAL");
    }
}
