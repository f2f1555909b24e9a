package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.compensator.CompensationExecutor.RepairOrigin;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.subscriber.connection.SubscriptionOutcome.FailureScope;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tests that mailboxes wait while their connection fails, and are released after a success.
final class ConnectionFailureDispatchTest extends DispatcherTestBed {
    private SubscriptionOutcome failed(int number) {
        mailboxes.put(CompensatedMailboxes.fresh(number).state(new MailboxState.Failed("Http403", "no")));
        return new SubscriptionOutcome.Failed("Http403", "no", FailureScope.CONNECTION);
    }

    @Test
    void a_connection_that_backs_off_is_tried_with_the_longest_silent_one_first() {
        backoff = Optional.of(START.plusSeconds(40));
        checkNow(
                active(1, START.minus(LIMIT).minusSeconds(1)),
                active(2, START.minus(LIMIT).minusSeconds(3)),
                active(3, START.minus(LIMIT).minusSeconds(2)));
        assertThat(tick()).contains(START.plusSeconds(40));
        assertThat(repaired).isEmpty();

        clock.advance(Duration.ofSeconds(40));
        exchange = ignored -> {
            backoff = Optional.of(clock.instant().plusSeconds(60));
            return new SubscriptionOutcome.RetryAt(
                    clock.instant().plusSeconds(5), "ConnectionRefused", "no server there");
        };
        tick();
        tick();
        assertThat(repaired).as("one of three").containsExactly("mailbox2 SILENCE");

        clock.advance(Duration.ofSeconds(60));
        exchange = this::subscribed;
        tick();
        assertThat(repaired).hasSize(2);
        tick();
        clock.advance(Duration.ofSeconds(1));
        tick();
        assertThat(repaired).hasSize(4);
    }

    @Test
    void an_operators_request_is_tried_at_once_though_its_connection_backs_off() {
        backoff = Optional.of(START.plusSeconds(600));
        checkNow(CompensatedMailboxes.fresh(1), CompensatedMailboxes.fresh(2));
        tick();
        assertThat(repaired).isEmpty();

        requests.add(CompensatedMailboxes.id(1), "resubscribe", "");
        requests.add(CompensatedMailboxes.id(2), "resubscribe", "");
        dispatcher.checkNow(CompensatedMailboxes.id(1));
        dispatcher.checkNow(CompensatedMailboxes.id(2));
        exchange = ignored ->
                new SubscriptionOutcome.Failed("Http401", "The server refuses the account.", FailureScope.CONNECTION);
        tick();
        assertThat(repaired).as("one probe at a time").hasSize(1);
        assertThat(origins).containsExactly(RepairOrigin.OPERATOR);
        assertThat(requests.latest(CompensatedMailboxes.id(1))
                        .orElseThrow()
                        .outcome()
                        .orElseThrow()
                        .text())
                .startsWith("failed: Http401: The server refuses the account; ");
        clock.advance(Duration.ofSeconds(1));
        tick();
        tick();
        assertThat(repaired).hasSize(2);
        clock.advance(Duration.ofSeconds(5));
        tick();
        assertThat(repaired).as("a request is tried once").hasSize(2);
    }

    @Test
    void the_first_success_brings_back_what_failed_because_of_its_connection() {
        exchange = mailbox -> {
            mailboxes.put(CompensatedMailboxes.fresh(mailbox.id().equals(CompensatedMailboxes.id(1)) ? 1 : 2)
                    .state(new MailboxState.Failed("Http401", "no")));
            return new SubscriptionOutcome.Failed("Http401", "no", FailureScope.CONNECTION);
        };
        checkNow(CompensatedMailboxes.fresh(1), CompensatedMailboxes.fresh(2));
        tick();
        tick();
        assertThat(repaired).hasSize(2);

        exchange = this::subscribed;
        requests.add(CompensatedMailboxes.id(1), "resubscribe", "");
        dispatcher.checkNow(CompensatedMailboxes.id(1));
        tick();
        tick();
        tick();
        assertThat(repaired).hasSize(4);
    }

    @Test
    void a_mailbox_that_failed_again_after_its_release_waits_for_its_own_recheck() {
        exchange = mailbox -> mailbox.id().equals(CompensatedMailboxes.id(1)) ? failed(1) : subscribed(mailbox);
        checkNow(CompensatedMailboxes.fresh(1));
        tick();
        for (var number = 2; number <= 7; number++) {
            checkNow(CompensatedMailboxes.fresh(number));
            tick();
            tick();
        }
        assertThat(repaired.stream().filter(line -> line.startsWith("mailbox1 ")))
                .as("first attempt and one release")
                .hasSize(2);
        clock.advance(Duration.ofMinutes(10));
        tick();
        assertThat(repaired).last().isEqualTo("mailbox1 INITIAL");
        checkNow(CompensatedMailboxes.fresh(22));
        tick();
        tick();
        assertThat(repaired.stream().filter(line -> line.startsWith("mailbox1 ")))
                .as("recheck and one more release")
                .hasSize(4);
    }

    @Test
    void a_mailbox_whose_try_runs_at_the_release_is_released_by_the_next_one() {
        exchange = mailbox -> mailbox.id().equals(CompensatedMailboxes.id(1)) ? failed(1) : subscribed(mailbox);
        checkNow(CompensatedMailboxes.fresh(1));
        tick();
        tick();
        clock.advance(Duration.ofMinutes(10));
        checkNow(CompensatedMailboxes.fresh(2));
        tickOnly();
        assertThat(dispatcher.counters().inFlight()).isEqualTo(2);
        running.reversed().forEach(Runnable::run);
        running.clear();
        tick();
        assertThat(repaired).as("none of its own yet").hasSize(3);
        exchange = this::subscribed;
        checkNow(CompensatedMailboxes.fresh(3));
        tick();
        tick();
        assertThat(repaired).endsWith("mailbox3 INITIAL", "mailbox1 INITIAL");
    }

    /// A success of a neighbor decides that an undecided refusal is the mailbox's own.
    @ParameterizedTest
    @EnumSource(
            value = FailureScope.class,
            names = {"UNDECIDED", "MAILBOX_ACCESS"})
    void a_success_of_a_neighbor_does_not_release_a_mailbox_that_fails_alone(FailureScope scope) {
        exchange = mailbox -> {
            if (!mailbox.id().equals(CompensatedMailboxes.id(1))) {
                return subscribed(mailbox);
            }
            failed(1);
            return new SubscriptionOutcome.Failed("Http403", "no", scope);
        };
        checkNow(CompensatedMailboxes.fresh(1), CompensatedMailboxes.fresh(2));
        tick();
        tick();
        assertThat(repaired).hasSize(2);
    }
}
