package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.compensator.CompensationExecutor.RepairOrigin;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.subscriber.connection.SubscriptionOutcome.FailureScope;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Tests retries after failed repairs, and requests of operators.
final class DispatchRetryTest extends DispatcherTestBed {
    @Test
    void a_failed_check_of_one_mailbox_keeps_all_plans() {
        checkNow(active(1, START.minus(LIMIT)), active(2, START.minus(LIMIT)));
        mailboxes.failOn(CompensatedMailboxes.id(1));
        assertThat(tick()).isPresent();
        assertThat(repaired).containsExactly("mailbox2 SILENCE");
        mailboxes.failOn(CompensatedMailboxes.id(7));
        clock.advance(Duration.ofSeconds(30));
        tick();
        assertThat(repaired).hasSize(2);
    }

    @Test
    void one_at_a_time_for_each_mailbox() {
        checkNow(active(1, START.minus(LIMIT)));
        tickOnly();
        dispatcher.checkNow(CompensatedMailboxes.id(1));
        tickOnly();
        dispatcher.checkNow(CompensatedMailboxes.id(1));
        tickOnly();
        assertThat(running).hasSize(1);
        assertThat(dispatcher.counters().inFlight()).isOne();
    }

    @Test
    void a_mailbox_that_must_wait_is_retried_then_and_not_before() {
        var later = START.plusSeconds(30);
        exchange = ignored -> new SubscriptionOutcome.RetryAt(later, "ErrorServerBusy", "busy");
        checkNow(active(1, START.minus(LIMIT)));
        tick();
        assertThat(tick()).contains(later);
        clock.advance(Duration.ofSeconds(29));
        tick();
        assertThat(repaired).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        tick();
        assertThat(repaired).hasSize(2);
        assertThat(dispatcher.counters().failed()).isEqualTo(Map.of(SubscribeReason.SILENCE, 2L));
    }

    @Test
    void a_trigger_ends_the_wait() {
        exchange = ignored -> new SubscriptionOutcome.RetryAt(START.plusSeconds(900), "ErrorServerBusy", "busy");
        checkNow(active(1, START.minus(LIMIT)));
        tick();
        tick();
        dispatcher.checkNow(CompensatedMailboxes.id(1));
        tick();
        assertThat(repaired).hasSize(2);
    }

    @Test
    void a_failed_mailbox_is_tried_again_hours_later_or_minutes_if_its_access_is_refused() {
        exchange = mailbox -> {
            mailboxes.put(active(mailbox.id().equals(CompensatedMailboxes.id(1)) ? 1 : 2, START)
                    .state(new MailboxState.Failed("code", "text")));
            return new SubscriptionOutcome.Failed(
                    "code",
                    "text",
                    mailbox.id().equals(CompensatedMailboxes.id(2))
                            ? FailureScope.MAILBOX_ACCESS
                            : FailureScope.MAILBOX);
        };
        checkNow(active(1, START.minus(LIMIT)), active(2, START.minus(LIMIT)));
        tick();
        assertThat(tick()).contains(START.plus(Duration.ofMinutes(10)));
        clock.advance(Duration.ofMinutes(10));
        tick();
        assertThat(repaired).hasSize(3).last().isEqualTo("mailbox2 ERROR");
        clock.advance(Duration.ofHours(4));
        tick();
        assertThat(repaired).contains("mailbox1 ERROR");
    }

    @Test
    void an_operators_request_that_comes_while_a_try_fails_is_tried_after_it() {
        checkNow(active(1, START.minus(LIMIT)));
        tickOnly();
        requests.add(CompensatedMailboxes.id(1), "resubscribe", "repaired");
        dispatcher.checkNow(CompensatedMailboxes.id(1));
        tickOnly();
        exchange = ignored -> {
            mailboxes.put(active(1, START).state(new MailboxState.Failed("Http403", "forbidden")));
            return new SubscriptionOutcome.Failed("Http403", "forbidden", FailureScope.MAILBOX);
        };
        tick();
        assertThat(repaired).hasSize(1);
        exchange = this::subscribed;
        tick();
        assertThat(repaired).hasSize(2);
        assertThat(origins).containsExactly(RepairOrigin.SWEEP, RepairOrigin.OPERATOR);
        assertThat(requests.latest(CompensatedMailboxes.id(1))
                        .orElseThrow()
                        .outcome()
                        .orElseThrow()
                        .text())
                .isEqualTo("subscribed");
    }

    @Test
    void a_failed_mailbox_is_said_to_be_asked_again_when_it_is() {
        exchange = mailbox -> {
            mailboxes.put(CompensatedMailboxes.fresh(1).state(new MailboxState.Failed("ErrorAccessDenied", "no")));
            return new SubscriptionOutcome.Failed("ErrorAccessDenied", "no", FailureScope.MAILBOX);
        };
        checkNow(CompensatedMailboxes.fresh(1));
        tick();
        tick();
        assertThat(dispatcher.nextStep(CompensatedMailboxes.id(1)))
                .isEqualTo(new NextStep(
                        "tried again automatically",
                        Optional.of(START.plus(Duration.ofHours(4))),
                        Optional.of("needs operator action: ErrorAccessDenied")));
        clock.advance(Duration.ofHours(4));
        tick();
        assertThat(repaired).hasSize(2);
    }

    @Test
    void an_exception_costs_one_mailbox_half_a_minute_and_the_others_nothing() {
        exchange = mailbox -> {
            if (mailbox.id().equals(CompensatedMailboxes.id(1))) {
                throw new StoreException("The disk is full.");
            }
            return subscribed(mailbox);
        };
        checkNow(active(1, START.minus(LIMIT)), active(2, START.minus(LIMIT)));
        tick();
        assertThat(repaired).hasSize(2);
        assertThat(tick()).contains(START.plusSeconds(30));
        clock.advance(Duration.ofSeconds(30));
        tick();
        assertThat(repaired).hasSize(3);
    }

    @Test
    void a_check_finds_what_no_trigger_reported_and_ends_no_wait() {
        exchange = ignored -> new SubscriptionOutcome.RetryAt(START.plusSeconds(900), "ErrorServerBusy", "busy");
        checkNow(active(1, START), active(2, START));
        tick();
        mailboxes.put(active(1, START).due(new PendingCompensation(SubscribeReason.GAP, START, false, "gap")));
        dispatcher.enqueueCheck(CompensatedMailboxes.id(1));
        tick();
        assertThat(repaired).containsExactly("mailbox1 GAP");
        dispatcher.enqueueCheck(CompensatedMailboxes.id(1));
        tick();
        assertThat(repaired).hasSize(1);
    }

    @Test
    void a_repair_that_ends_in_an_error_does_not_stay_in_flight() {
        exchange = ignored -> {
            throw new StackOverflowError();
        };
        checkNow(active(1, START.minus(LIMIT)));
        tick();
        assertThat(tick()).contains(START.plusSeconds(30));
        clock.advance(Duration.ofSeconds(30));
        tick();
        assertThat(repaired).hasSize(2);
    }
}
