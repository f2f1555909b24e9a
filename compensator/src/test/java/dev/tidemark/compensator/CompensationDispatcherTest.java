package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.subscriber.connection.SubscriptionOutcome.FailureScope;
import dev.tidemark.subscriber.resync.GroupSubscriptionConfig;
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
import org.junit.jupiter.api.Test;

class CompensationDispatcherTest {
    private static final Instant START = Instant.parse("2026-11-01T09:00:00Z");
    private static final Duration LIMIT = Duration.ofSeconds(2 * 600 + 90);
    private static final GroupSubscriptionConfig PLAN = new GroupSubscriptionConfig(
            CompensatedMailboxes.GROUP,
            "onprem",
            List.of(new FolderRef.Distinguished("inbox")),
            Set.of(ChangeKind.NEW_MAIL),
            Duration.ofMinutes(10),
            URI.create("https://push.example.com"));
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
    private final CohortSilenceRegistry condemned = new CohortSilenceRegistry();
    private final FakeRegistry mailboxes = new FakeRegistry();
    private final List<Runnable> running = new ArrayList<>();
    private final List<String> mended = new ArrayList<>();
    private Function<Mailbox, SubscriptionOutcome> world = this::subscribed;
    private int wakes;
    private Optional<Instant> heldBack = Optional.empty();
    private final CompensationDispatcher.Collaborators help =
            new CompensationDispatcher.Collaborators(running::add, () -> 0.0, ignored -> heldBack);
    private final OperatorRequests requests = new OperatorRequests(clock);
    private final CompensationDispatcher sweep = new CompensationDispatcher(
            new CompensationPlanner(
                    mailboxes,
                    ignored -> Optional.of(PLAN),
                    CONFIG,
                    new CompensationPlanner.SilenceSources(outages, condemned, new PushRecoveryTracker()),
                    clock),
            this::mend,
            help,
            requests,
            CONFIG,
            clock);

    @Test
    void a_mailbox_that_is_heard_of_is_left_alone() {
        raise(active(1, START));
        assertThat(tick()).contains(START.plus(LIMIT));
        assertThat(mended).isEmpty();
    }

    @Test
    void a_heartbeat_moves_the_deadline_without_a_word() {
        raise(active(1, START));
        tick();
        clock.advance(LIMIT.minusSeconds(1));
        mailboxes.put(active(1, clock.instant()));
        clock.advance(Duration.ofSeconds(1));
        assertThat(tick()).contains(clock.instant().plus(LIMIT).minusSeconds(1));
        assertThat(mended).isEmpty();
    }

    @Test
    void silence_is_compensated_once_and_then_watched_again() {
        raise(active(1, START));
        tick();
        clock.advance(LIMIT);
        tick();
        assertThat(mended).containsExactly("mailbox1 SILENCE");
        assertThat(tick()).contains(clock.instant().plus(LIMIT));
        assertThat(mended).hasSize(1);
    }

    @Test
    void a_first_call_back_counts_even_where_the_limit_for_it_is_the_longer_one() {
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
        var hearsay = new CompensationPlanner.SilenceSources(outages, condemned, new PushRecoveryTracker());
        var examiner = new CompensationPlanner(mailboxes, ignored -> Optional.of(PLAN), drill, hearsay, clock);
        var drilled = new CompensationDispatcher(examiner, this::mend, help, requests, drill, clock);
        var young = active(1, START).neverCalledBack();
        young.subscribedAt = Optional.of(START);
        mailboxes.put(young);
        drilled.raise(CompensatedMailboxes.id(1));
        assertThat(drilled.tick(() -> {})).contains(START.plusSeconds(3));

        mailboxes.put(active(1, START.plusSeconds(1)));
        clock.advance(Duration.ofSeconds(4));
        drilled.tick(() -> {});
        running.forEach(Runnable::run);
        assertThat(mended).containsExactly("mailbox1 SILENCE");
    }

    @Test
    void after_a_restart_only_what_was_silent_too_long_is_compensated() {
        raise(active(1, START.minusSeconds(60)), active(2, START.minus(LIMIT)), active(3, START.minusSeconds(60)));
        tick();
        assertThat(mended).containsExactly("mailbox2 SILENCE");
    }

    @Test
    void the_longest_silence_goes_first_and_none_faster_than_the_rate() {
        raise(
                active(1, START.minus(LIMIT).minusSeconds(1)),
                active(2, START.minus(LIMIT).minusSeconds(3)),
                active(3, START.minus(LIMIT).minusSeconds(2)));
        assertThat(tick()).contains(START.plusSeconds(1));
        assertThat(mended).containsExactly("mailbox2 SILENCE", "mailbox3 SILENCE");
        assertThat(sweep.counters().due()).isOne();
        clock.advance(Duration.ofSeconds(1));
        tick();
        assertThat(mended).last().isEqualTo("mailbox1 SILENCE");
    }

    @Test
    void whoever_calls_back_while_waiting_is_not_compensated_and_costs_no_turn() {
        raise(
                active(1, START.minus(LIMIT).minusSeconds(9)),
                active(2, START.minus(LIMIT).minusSeconds(9)),
                active(3, START.minus(LIMIT).minusSeconds(2)),
                active(4, START.minus(LIMIT).minusSeconds(1)));
        tick();
        mailboxes.put(active(3, clock.instant()));
        clock.advance(Duration.ofSeconds(1));
        tick();
        assertThat(mended).last().isEqualTo("mailbox4 SILENCE");
        assertThat(mended).hasSize(3);
    }

    @Test
    void first_subscriptions_do_not_wait_for_the_rate() {
        raise(
                CompensatedMailboxes.fresh(1),
                CompensatedMailboxes.fresh(2),
                CompensatedMailboxes.fresh(3),
                CompensatedMailboxes.fresh(4));
        tick();
        assertThat(mended).hasSize(4).allMatch(line -> line.endsWith("INITIAL"));
    }

    @Test
    void a_connection_that_is_held_back_is_tried_with_the_longest_silent_one_first() {
        heldBack = Optional.of(START.plusSeconds(40));
        raise(
                active(1, START.minus(LIMIT).minusSeconds(1)),
                active(2, START.minus(LIMIT).minusSeconds(3)),
                active(3, START.minus(LIMIT).minusSeconds(2)));
        assertThat(tick()).contains(START.plusSeconds(40));
        assertThat(mended).isEmpty();

        clock.advance(Duration.ofSeconds(40));
        world = ignored -> {
            heldBack = Optional.of(clock.instant().plusSeconds(60));
            return new SubscriptionOutcome.RetryAt(clock.instant().plusSeconds(5), "ConnectionRefused", "nobody there");
        };
        tick();
        tick();
        assertThat(mended).as("one of three").containsExactly("mailbox2 SILENCE");

        clock.advance(Duration.ofSeconds(60));
        world = this::subscribed;
        tick();
        assertThat(mended).hasSize(2);
        tick();
        clock.advance(Duration.ofSeconds(1));
        tick();
        assertThat(mended).hasSize(4);
    }

    @Test
    void a_rush_is_told_while_it_lasts() {
        raise(
                active(1, START.minus(LIMIT)),
                active(2, START.minus(LIMIT)),
                active(3, START.minus(LIMIT)),
                active(4, START.minus(LIMIT)),
                active(5, START.minus(LIMIT)));
        tick();
        assertThat(sweep.rush()).isPresent();
        clock.advance(Duration.ofSeconds(1));
        tick();
        assertThat(sweep.rush()).get().satisfies(rush -> {
            assertThat(rush.since()).isEqualTo(START);
            assertThat(rush.done() + rush.left()).isEqualTo(5);
        });
        clock.advance(Duration.ofSeconds(1));
        tick();
        tick();
        assertThat(sweep.rush()).isEmpty();
    }

    @Test
    void what_goes_wrong_with_a_look_costs_nobody_a_plan() {
        raise(active(1, START.minus(LIMIT)), active(2, START.minus(LIMIT)));
        mailboxes.failOn(CompensatedMailboxes.id(1));
        assertThat(tick()).isPresent();
        assertThat(mended).containsExactly("mailbox2 SILENCE");
        mailboxes.failOn(CompensatedMailboxes.id(7));
        clock.advance(Duration.ofSeconds(30));
        tick();
        assertThat(mended).hasSize(2);
    }

    @Test
    void one_at_a_time_for_each_mailbox() {
        raise(active(1, START.minus(LIMIT)));
        tickOnly();
        sweep.raise(CompensatedMailboxes.id(1));
        tickOnly();
        sweep.raise(CompensatedMailboxes.id(1));
        tickOnly();
        assertThat(running).hasSize(1);
        assertThat(sweep.counters().inFlight()).isOne();
    }

    @Test
    void whoever_must_wait_is_tried_again_then_and_not_before() {
        var later = START.plusSeconds(30);
        world = ignored -> new SubscriptionOutcome.RetryAt(later, "ErrorServerBusy", "busy");
        raise(active(1, START.minus(LIMIT)));
        tick();
        assertThat(tick()).contains(later);
        clock.advance(Duration.ofSeconds(29));
        tick();
        assertThat(mended).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        tick();
        assertThat(mended).hasSize(2);
        assertThat(sweep.counters().failed()).isEqualTo(Map.of(SubscribeReason.SILENCE, 2L));
    }

    @Test
    void an_alarm_ends_the_wait() {
        world = ignored -> new SubscriptionOutcome.RetryAt(START.plusSeconds(900), "ErrorServerBusy", "busy");
        raise(active(1, START.minus(LIMIT)));
        tick();
        tick();
        sweep.raise(CompensatedMailboxes.id(1));
        tick();
        assertThat(mended).hasSize(2);
    }

    @Test
    void a_given_up_mailbox_is_tried_again_hours_later_or_minutes_if_its_access_is_refused() {
        world = mailbox -> {
            mailboxes.put(active(mailbox.id().equals(CompensatedMailboxes.id(1)) ? 1 : 2, START)
                    .state(new MailboxState.Failed("code", "text")));
            return new SubscriptionOutcome.Failed(
                    "code",
                    "text",
                    mailbox.id().equals(CompensatedMailboxes.id(2))
                            ? FailureScope.MAILBOX_ACCESS
                            : FailureScope.MAILBOX);
        };
        raise(active(1, START.minus(LIMIT)), active(2, START.minus(LIMIT)));
        tick();
        assertThat(tick()).contains(START.plus(Duration.ofMinutes(10)));
        clock.advance(Duration.ofMinutes(10));
        tick();
        assertThat(mended).hasSize(3).last().isEqualTo("mailbox2 ERROR");
        clock.advance(Duration.ofHours(4));
        tick();
        assertThat(mended).contains("mailbox1 ERROR");
    }

    @Test
    void an_operators_request_is_tried_at_once_though_its_connection_is_held_back() {
        heldBack = Optional.of(START.plusSeconds(600));
        raise(CompensatedMailboxes.fresh(1), CompensatedMailboxes.fresh(2));
        tick();
        assertThat(mended).isEmpty();

        requests.add(CompensatedMailboxes.id(1), "resubscribe", "");
        requests.add(CompensatedMailboxes.id(2), "resubscribe", "");
        sweep.raise(CompensatedMailboxes.id(1));
        sweep.raise(CompensatedMailboxes.id(2));
        world = ignored ->
                new SubscriptionOutcome.Failed("Http401", "The server refuses the account.", FailureScope.CONNECTION);
        tick();
        assertThat(mended).as("one probe at a time").hasSize(1);
        assertThat(requests.latest(CompensatedMailboxes.id(1))
                        .orElseThrow()
                        .outcome()
                        .orElseThrow()
                        .text())
                .startsWith("failed: Http401: The server refuses the account; ");
        clock.advance(Duration.ofSeconds(1));
        tick();
        tick();
        assertThat(mended).hasSize(2);
        clock.advance(Duration.ofSeconds(5));
        tick();
        assertThat(mended).as("a request is tried once").hasSize(2);
    }

    @Test
    void the_first_success_brings_back_what_failed_because_of_its_connection() {
        world = mailbox -> {
            mailboxes.put(CompensatedMailboxes.fresh(mailbox.id().equals(CompensatedMailboxes.id(1)) ? 1 : 2)
                    .state(new MailboxState.Failed("Http401", "no")));
            return new SubscriptionOutcome.Failed("Http401", "no", FailureScope.CONNECTION);
        };
        raise(CompensatedMailboxes.fresh(1), CompensatedMailboxes.fresh(2));
        tick();
        tick();
        assertThat(mended).hasSize(2);

        world = this::subscribed;
        requests.add(CompensatedMailboxes.id(1), "resubscribe", "");
        sweep.raise(CompensatedMailboxes.id(1));
        tick();
        tick();
        tick();
        assertThat(mended).hasSize(4);
    }

    @Test
    void a_mailbox_that_failed_again_after_its_release_waits_for_its_own_recheck() {
        world = mailbox -> mailbox.id().equals(CompensatedMailboxes.id(1)) ? failed(1) : subscribed(mailbox);
        raise(CompensatedMailboxes.fresh(1));
        tick();
        for (var number = 2; number <= 7; number++) {
            raise(CompensatedMailboxes.fresh(number));
            tick();
            tick();
        }
        assertThat(mended.stream().filter(line -> line.startsWith("mailbox1 ")))
                .as("first attempt and one release")
                .hasSize(2);
        clock.advance(Duration.ofMinutes(10));
        tick();
        assertThat(mended).last().isEqualTo("mailbox1 INITIAL");
        raise(CompensatedMailboxes.fresh(22));
        tick();
        tick();
        assertThat(mended.stream().filter(line -> line.startsWith("mailbox1 ")))
                .as("recheck and one more release")
                .hasSize(4);
    }

    @Test
    void a_mailbox_whose_try_runs_at_the_release_is_released_by_the_next_one() {
        world = mailbox -> mailbox.id().equals(CompensatedMailboxes.id(1)) ? failed(1) : subscribed(mailbox);
        raise(CompensatedMailboxes.fresh(1));
        tick();
        tick();
        clock.advance(Duration.ofMinutes(10));
        raise(CompensatedMailboxes.fresh(2));
        tickOnly();
        assertThat(sweep.counters().inFlight()).isEqualTo(2);
        running.reversed().forEach(Runnable::run);
        running.clear();
        tick();
        assertThat(mended).as("none of its own yet").hasSize(3);
        world = this::subscribed;
        raise(CompensatedMailboxes.fresh(3));
        tick();
        tick();
        assertThat(mended).endsWith("mailbox3 INITIAL", "mailbox1 INITIAL");
    }

    @Test
    void a_success_of_a_neighbor_decides_that_an_undecided_refusal_is_the_mailboxs_own() {
        world = mailbox -> {
            if (!mailbox.id().equals(CompensatedMailboxes.id(1))) {
                return subscribed(mailbox);
            }
            failed(1);
            return new SubscriptionOutcome.Failed("Http403", "no", FailureScope.UNDECIDED);
        };
        raise(CompensatedMailboxes.fresh(1), CompensatedMailboxes.fresh(2));
        tick();
        tick();
        assertThat(mended).hasSize(2);
    }

    @Test
    void a_success_of_a_neighbor_does_not_ask_for_a_mailbox_that_fails_alone() {
        world = mailbox -> {
            if (!mailbox.id().equals(CompensatedMailboxes.id(1))) {
                return subscribed(mailbox);
            }
            failed(1);
            return new SubscriptionOutcome.Failed("Http403", "no", FailureScope.MAILBOX_ACCESS);
        };
        raise(CompensatedMailboxes.fresh(1), CompensatedMailboxes.fresh(2));
        tick();
        tick();
        assertThat(mended).hasSize(2);
    }

    private SubscriptionOutcome failed(int number) {
        mailboxes.put(CompensatedMailboxes.fresh(number).state(new MailboxState.Failed("Http403", "no")));
        return new SubscriptionOutcome.Failed("Http403", "no", FailureScope.CONNECTION);
    }

    @Test
    void a_given_up_mailbox_is_said_to_be_asked_again_when_it_is() {
        world = mailbox -> {
            mailboxes.put(CompensatedMailboxes.fresh(1).state(new MailboxState.Failed("ErrorAccessDenied", "no")));
            return new SubscriptionOutcome.Failed("ErrorAccessDenied", "no", FailureScope.MAILBOX);
        };
        raise(CompensatedMailboxes.fresh(1));
        tick();
        tick();
        assertThat(sweep.outlook(CompensatedMailboxes.id(1)))
                .isEqualTo(new NextStep(
                        "tried again automatically",
                        Optional.of(START.plus(Duration.ofHours(4))),
                        Optional.of("needs operator action: ErrorAccessDenied")));
        clock.advance(Duration.ofHours(4));
        tick();
        assertThat(mended).hasSize(2);
    }

    @Test
    void an_exception_costs_one_mailbox_half_a_minute_and_the_others_nothing() {
        world = mailbox -> {
            if (mailbox.id().equals(CompensatedMailboxes.id(1))) {
                throw new StoreException("The disk is full.");
            }
            return subscribed(mailbox);
        };
        raise(active(1, START.minus(LIMIT)), active(2, START.minus(LIMIT)));
        tick();
        assertThat(mended).hasSize(2);
        assertThat(tick()).contains(START.plusSeconds(30));
        clock.advance(Duration.ofSeconds(30));
        tick();
        assertThat(mended).hasSize(3);
    }

    @Test
    void a_look_finds_what_no_alarm_told_of_and_ends_no_wait() {
        world = ignored -> new SubscriptionOutcome.RetryAt(START.plusSeconds(900), "ErrorServerBusy", "busy");
        raise(active(1, START), active(2, START));
        tick();
        mailboxes.put(active(1, START).due(new PendingCompensation(SubscribeReason.GAP, START, false, "gap")));
        sweep.look(CompensatedMailboxes.id(1));
        tick();
        assertThat(mended).containsExactly("mailbox1 GAP");
        sweep.look(CompensatedMailboxes.id(1));
        tick();
        assertThat(mended).hasSize(1);
    }

    @Test
    void a_remedy_that_ends_in_an_error_does_not_stay_under_way() {
        world = ignored -> {
            throw new StackOverflowError();
        };
        raise(active(1, START.minus(LIMIT)));
        tick();
        assertThat(tick()).contains(START.plusSeconds(30));
        clock.advance(Duration.ofSeconds(30));
        tick();
        assertThat(mended).hasSize(2);
    }

    @Test
    void what_is_owed_waits_for_its_own_moment() {
        var due = new PendingCompensation(SubscribeReason.GAP, START.plusSeconds(30), false, "gap");
        raise(active(1, START).due(due));
        assertThat(tick()).contains(START.plusSeconds(30));
        clock.advance(Duration.ofSeconds(30));
        tick();
        assertThat(mended).containsExactly("mailbox1 GAP");
    }

    @Test
    void a_removed_mailbox_is_forgotten() {
        raise(active(1, START));
        tick();
        mailboxes.remove(CompensatedMailboxes.id(1));
        clock.advance(LIMIT);
        assertThat(tick()).isEmpty();
        assertThat(mended).isEmpty();
    }

    @Test
    void the_end_of_a_remedy_wakes_the_sweep_and_counts() {
        world = ignored -> new SubscriptionOutcome.Resynced(RecoveredPage.RecoveryCounts.NONE);
        raise(active(1, START.minus(LIMIT)));
        tick();
        assertThat(wakes).isOne();
        assertThat(sweep.counters()).isEqualTo(new CompensatorCounters(1, 1, Map.of(), 1, 0, 1));
    }

    @Test
    void whoever_was_refused_for_half_a_status_frequency_is_compensated_when_the_store_writes_again() {
        raise(active(1, START), active(2, START));
        tick();
        outages.observe(false, clock.instant());
        clock.advance(Duration.ofSeconds(301));
        mailboxes.put(active(2, clock.instant()));
        assertThat(outages.observe(true, clock.instant())).isTrue();
        sweep.raise(CompensatedMailboxes.id(1));
        sweep.raise(CompensatedMailboxes.id(2));
        tick();
        assertThat(mended).containsExactly("mailbox1 SILENCE");
        tick();
        assertThat(mended).hasSize(1);
    }

    @Test
    void a_short_outage_is_made_good_by_exchange() {
        raise(active(1, START));
        outages.observe(false, clock.instant());
        clock.advance(Duration.ofMinutes(5));
        outages.observe(true, clock.instant());
        tick();
        assertThat(mended).isEmpty();
    }

    private static CompensatedMailboxes.Builder active(int number, Instant heard) {
        return CompensatedMailboxes.active(number, heard).fingerprint(PLAN.fingerprint());
    }

    private void raise(CompensatedMailboxes.Builder... builders) {
        for (var builder : builders) {
            sweep.raise(mailboxes.put(builder).id());
        }
    }

    /// A tick, and the end of all remedies it started.
    private Optional<Instant> tick() {
        var next = tickOnly();
        List.copyOf(running).forEach(Runnable::run);
        running.clear();
        return next;
    }

    private Optional<Instant> tickOnly() {
        return sweep.tick(() -> wakes++);
    }

    private SubscriptionOutcome mend(CompensationPlanner.PlannedAction finding) {
        var reason = switch (finding.remedy()) {
            case CompensationAction.Resubscribe remedy -> remedy.reason().name();
            case CompensationAction.SubscribeAfreshAndResync remedy -> remedy.reason() + " afresh";
            case CompensationAction.ResumeResync ignored -> "resume";
            case CompensationAction.NothingUntil ignored -> "nothing";
            case CompensationAction.GiveUp ignored -> "nothing";
        };
        mended.add(finding.mailbox().address().value().replace("@example.com", "") + " " + reason);
        return world.apply(finding.mailbox());
    }

    private SubscriptionOutcome subscribed(Mailbox mailbox) {
        var number = Integer.parseInt(mailbox.address().value().replaceAll("\\D", ""));
        mailboxes.put(active(number, clock.instant()));
        return new SubscriptionOutcome.Subscribed();
    }
}
