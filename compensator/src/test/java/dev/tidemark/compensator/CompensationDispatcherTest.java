package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.compensator.CompensationExecutor.RepairOrigin;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.subscriber.connection.SubscriptionOutcome.FailureScope;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.ChangeKind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompensationDispatcherTest {
    private static final Instant START = Instant.parse("2026-11-01T09:00:00Z");
    private static final int FIRST_LIMIT = 64;
    private static final Duration LIMIT = Duration.ofSeconds(2 * 600 + 90);
    private static final GroupSubscriptionConfig PLAN = planOn("onprem");
    private static final CompensatorConfig CONFIG = new CompensatorConfig(
            2.0,
            Duration.ofSeconds(90),
            Optional.empty(),
            Optional.empty(),
            Duration.ofSeconds(10),
            Duration.ofDays(30),
            2,
            Duration.ofHours(4),
            true,
            new CompensatorConfig.Retention(Duration.ofDays(7), Duration.ofDays(30), Duration.ofDays(30)),
            FallbackConfig.NONE);

    private final SettableClock clock = new SettableClock(START);
    private final StoreOutageTracker outages = new StoreOutageTracker();
    private final CohortSilenceRegistry silenceRegistry = new CohortSilenceRegistry();
    private final FakeRegistry mailboxes = new FakeRegistry();
    private final List<Runnable> running = new ArrayList<>();
    private final List<String> repaired = new ArrayList<>();
    private final List<RepairOrigin> origins = new ArrayList<>();
    private Function<Mailbox, SubscriptionOutcome> exchange = this::subscribed;
    private int wakes;
    /// back-off of the connection `onprem`
    private Optional<Instant> backoff = Optional.empty();
    private GroupSubscriptionConfig plan = PLAN;
    private final CompensationDispatcher.Collaborators collaborators = new CompensationDispatcher.Collaborators(
            running::add,
            () -> 0.0,
            connection -> connection.equals("onprem") ? backoff : Optional.empty(),
            connection -> connection.equals("onprem") ? FIRST_LIMIT : 1);
    private final OperatorRequests requests = new OperatorRequests(clock);
    private final CompensationDispatcher dispatcher = new CompensationDispatcher(
            new CompensationPlanner(
                    mailboxes,
                    ignored -> Optional.of(plan),
                    CONFIG,
                    new CompensationPlanner.SilenceSources(outages, silenceRegistry, new PushRecoveryTracker()),
                    clock),
            this::execute,
            collaborators,
            requests,
            CONFIG,
            clock);

    private static GroupSubscriptionConfig planOn(String connection) {
        return new GroupSubscriptionConfig(
                CompensatedMailboxes.GROUP,
                connection,
                List.of(new FolderRef.Distinguished("inbox")),
                Set.of(ChangeKind.NEW_MAIL),
                Duration.ofMinutes(10),
                URI.create("https://push.example.com"));
    }

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
        var drill = new CompensatorConfig(
                2.0,
                Duration.ofSeconds(90),
                Optional.of(Duration.ofSeconds(3)),
                Optional.of(Duration.ofMinutes(10)),
                Duration.ofSeconds(10),
                Duration.ofDays(30),
                2,
                Duration.ofHours(4),
                true,
                CONFIG.retention(),
                FallbackConfig.NONE);
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

    @Test
    void a_success_of_a_neighbor_decides_that_an_undecided_refusal_is_the_mailboxs_own() {
        exchange = mailbox -> {
            if (!mailbox.id().equals(CompensatedMailboxes.id(1))) {
                return subscribed(mailbox);
            }
            failed(1);
            return new SubscriptionOutcome.Failed("Http403", "no", FailureScope.UNDECIDED);
        };
        checkNow(CompensatedMailboxes.fresh(1), CompensatedMailboxes.fresh(2));
        tick();
        tick();
        assertThat(repaired).hasSize(2);
    }

    @Test
    void a_success_of_a_neighbor_does_not_ask_for_a_mailbox_that_fails_alone() {
        exchange = mailbox -> {
            if (!mailbox.id().equals(CompensatedMailboxes.id(1))) {
                return subscribed(mailbox);
            }
            failed(1);
            return new SubscriptionOutcome.Failed("Http403", "no", FailureScope.MAILBOX_ACCESS);
        };
        checkNow(CompensatedMailboxes.fresh(1), CompensatedMailboxes.fresh(2));
        tick();
        tick();
        assertThat(repaired).hasSize(2);
    }

    private SubscriptionOutcome failed(int number) {
        mailboxes.put(CompensatedMailboxes.fresh(number).state(new MailboxState.Failed("Http403", "no")));
        return new SubscriptionOutcome.Failed("Http403", "no", FailureScope.CONNECTION);
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

    private static CompensatedMailboxes.Builder active(int number, Instant lastCallback) {
        return CompensatedMailboxes.active(number, lastCallback).fingerprint(PLAN.fingerprint());
    }

    private void checkNow(CompensatedMailboxes.Builder... builders) {
        for (var builder : builders) {
            dispatcher.checkNow(mailboxes.put(builder).id());
        }
    }

    /// Runs one tick, and ends all repairs that it started.
    private Optional<Instant> tick() {
        var next = tickOnly();
        List.copyOf(running).forEach(Runnable::run);
        running.clear();
        return next;
    }

    private Optional<Instant> tickOnly() {
        return dispatcher.tick(() -> wakes++);
    }

    private SubscriptionOutcome execute(CompensationPlanner.PlannedAction need, RepairOrigin origin) {
        origins.add(origin);
        var reason = switch (need.action()) {
            case CompensationAction.Resubscribe action -> action.reason().name();
            case CompensationAction.ResubscribeAndResync action -> action.reason() + " new";
            case CompensationAction.ResumeResync ignored -> "resume";
            case CompensationAction.WaitUntil ignored -> "nothing";
            case CompensationAction.Blocked ignored -> "nothing";
        };
        repaired.add(need.mailbox().address().value().replace("@example.com", "") + " " + reason);
        return exchange.apply(need.mailbox());
    }

    private SubscriptionOutcome subscribed(Mailbox mailbox) {
        var number = Integer.parseInt(mailbox.address().value().replaceAll("\\D", ""));
        mailboxes.put(active(number, clock.instant()));
        return new SubscriptionOutcome.Subscribed();
    }
}
