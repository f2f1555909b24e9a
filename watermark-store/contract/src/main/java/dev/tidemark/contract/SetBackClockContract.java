package dev.tidemark.contract;

import static dev.tidemark.contract.ExchangeNotifications.failure;
import static dev.tidemark.contract.ExchangeNotifications.mail;
import static dev.tidemark.contract.ExchangeNotifications.mark;
import static dev.tidemark.contract.ExchangeNotifications.notification;
import static dev.tidemark.contract.ExchangeNotifications.status;
import static dev.tidemark.contract.ExchangeNotifications.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.MailboxLocationStore;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.PushDegradation;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkStatus;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.ClockOffset;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SyncState;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Uses a store while the clock is ahead, and opens it again after the clock was set right.
public abstract class SetBackClockContract extends WatermarkStoreContract {
    private static final Duration AHEAD = Duration.ofDays(40);
    private static final Duration DOWN = Duration.ofHours(3);
    private static final Duration MARGIN = Duration.ofMinutes(15);
    private static final SinkName CRM = new SinkName("crm");

    private void runAhead() {
        clock.advance(AHEAD);
    }

    /// Sets the clock right. The store was closed for a while before it opens again.
    private void setRight() {
        clock.advance(AHEAD.minus(DOWN).negated());
        reopen();
    }

    @Test
    void a_last_callback_in_the_future_counts_as_now() {
        runAhead();
        var attempt = subscribed("s1");
        record(attempt, notification("s1", "w0", status("w1")));
        setRight();
        assertThat(now().lastHeardAt()).contains(time());
        assertThat(now().subscribedAt()).contains(time());
        assertThat(now().state()).isEqualTo(new MailboxState.Active());
        var opened = time();
        clock.advance(Duration.ofMinutes(1));
        reopenAfterPowerCut();
        assertThat(now().lastHeardAt()).contains(opened);
    }

    @Test
    void times_are_corrected_after_a_power_cut_with_a_journal_replay() {
        var attempt = subscribed("s1");
        runAhead();
        record(attempt, notification("s1", "w0", mail("m1", "w1", time().minus(AHEAD))));
        clock.advance(AHEAD.minus(DOWN).negated());
        reopenAfterPowerCut();
        assertThat(now().lastHeardAt()).contains(time());
        reopenAfterPowerCut();
        assertThat(now().lastHeardAt()).contains(time());
    }

    @Test
    void a_pending_compensation_is_due_no_later_than_before() {
        runAhead();
        var attempt = subscribed("s1");
        store.subscriptions().scheduleCompensation(ada.id(), pending(Duration.ofMinutes(15)));
        setRight();
        assertThat(now().due().orElseThrow().notBefore()).isEqualTo(time().plus(Duration.ofMinutes(15)));
        record(attempt, failure("ErrorInternalServerError"));
        assertThat(now().due().orElseThrow().notBefore()).isEqualTo(time());
    }

    private PendingCompensation pending(Duration in) {
        return new PendingCompensation(SubscribeReason.GAP, time().plus(in), false, "gap");
    }

    @Test
    void a_compensation_still_pending_from_before_is_due_at_once() {
        subscribed("s1");
        store.subscriptions().scheduleCompensation(ada.id(), pending(DOWN.plus(Duration.ofMinutes(5))));
        runAhead();
        store.journal().appendInstanceEvent("ping", Map.of());
        setRight();
        assertThat(now().due().orElseThrow().notBefore()).isEqualTo(time());
    }

    @Test
    void the_back_off_of_then_ends_as_any_other() {
        runAhead();
        var attempt = subscribed("s1");
        record(attempt, failure("ErrorInternalServerError"));
        setRight();
        clock.advance(Duration.ofHours(1));
        var next = resubscribed("s2", "w0", SubscribeReason.ERROR);
        record(next, failure("ErrorInternalServerError"));
        assertThat(now().due().orElseThrow().notBefore()).isEqualTo(time());
    }

    @Test
    void a_watermark_reaches_no_further_than_the_last_event_from_exchange() {
        var attempt = subscribed("s1");
        var reported = time();
        runAhead();
        record(attempt, notification("s1", "w0", mail("m1", "w1", reported)));
        clock.advance(Duration.ofMinutes(5));
        record(attempt, notification("s1", "w1", status("w2")));
        assertThat(now().watermark().orElseThrow().takenAt()).isAfter(reported.plus(DOWN));
        setRight();
        var reached = reported.minus(Duration.ofMinutes(2 * 5));
        assertThat(now().watermark().orElseThrow()).isEqualTo(new StoredWatermark(mark("w2"), reached));
    }

    @Test
    void the_time_of_an_exchange_that_is_ahead_is_converted_to_ours() {
        var ahead = Duration.ofHours(5);
        store.exchangeOffsets().save("inboxes", new ClockOffset(ahead, ahead), new ClockOffset(ahead, ahead));
        var attempt = subscribed("s1");
        var reported = time();
        runAhead();
        record(attempt, notification("s1", "w0", mail("m1", "w1", reported.plus(ahead))));
        clock.advance(Duration.ofMinutes(5));
        record(attempt, notification("s1", "w1", status("w2")));
        setRight();
        assertThat(now().watermark().orElseThrow().takenAt()).isEqualTo(reported.minus(Duration.ofMinutes(2 * 5)));
    }

    @Test
    void nothing_counts_as_reported_beyond_the_present() {
        var attempt = subscribed("s1");
        runAhead();
        record(
                attempt,
                notification("s1", "w0", mail("m1", "w1", time().minus(AHEAD).plus(Duration.ofDays(2)))));
        record(attempt, notification("s1", "w1", status("w2")));
        var next = store.subscriptions().begin(ada.id(), SubscribeReason.ERROR, "print", Optional.empty());
        var response = new SubscribeResult(subscription("s2"), Optional.of(mark("x0")));
        store.subscriptions().confirm(next, response, Optional.of(time()));
        setRight();
        assertThat(now().watermark().orElseThrow().takenAt()).isBeforeOrEqualTo(time());
        assertThat(now().resyncSince().orElseThrow()).isBeforeOrEqualTo(time());
    }

    @Test
    void the_correction_grows_with_the_age_of_the_watermark_at_the_stop() {
        var bob = store.mailboxes().enrol(new MailboxAddress("bob@example.com"), new GroupMembership("inboxes", false));
        var attempt = subscribed("s1");
        var reported = time();
        record(attempt, notification("s1", "w0", mail("m1", "w1", reported)));
        runAhead();
        record(attempt, notification("s1", "w1", status("w2")));
        record(attempt, notification("s1", "w2", status("w3")));
        clock.advance(Duration.ofMinutes(30));
        store.journal().appendMailboxEvent(bob.id(), "ping", Map.of());
        setRight();
        assertThat(now().watermark().orElseThrow().takenAt()).isEqualTo(reported.minus(Duration.ofHours(1)));
    }

    @Test
    void without_events_from_exchange_a_watermark_reaches_back_to_the_creation_of_the_store() {
        var made = time();
        runAhead();
        subscribed("s1");
        setRight();
        assertThat(now().watermark().orElseThrow().takenAt()).isEqualTo(made);
    }

    @Test
    void a_pending_resync_starts_as_far_back() {
        var made = time();
        runAhead();
        subscribed("s1");
        var next = store.subscriptions().begin(ada.id(), SubscribeReason.ERROR, "print", Optional.empty());
        var response = new SubscribeResult(subscription("s2"), Optional.of(mark("x0")));
        store.subscriptions().confirm(next, response, Optional.of(time().minus(MARGIN)));
        setRight();
        assertThat(now().resyncSince()).contains(made.minus(MARGIN.multipliedBy(2)));
    }

    @Test
    void a_mailbox_without_push_is_polled_as_far_back() {
        var attempt = subscribed("s1");
        var reported = time();
        record(attempt, notification("s1", "w0", mail("m1", "w1", reported)));
        runAhead();
        record(attempt, notification("s1", "w1", status("w2")));
        record(attempt, notification("s1", "w2", status("w3")));
        store.fallbacks().degrade(ada.id(), "poll");
        setRight();
        assertThat(now().degraded()).contains(new PushDegradation(time(), reported.minus(MARGIN.multipliedBy(2))));
    }

    @Test
    void a_sink_has_failed_since_now_and_its_events_come_as_much_sooner() {
        runAhead();
        store.deliveries().open(CRM);
        var status = new SinkStatus(Optional.of(time()), false, false, Optional.of("HTTP 500"));
        store.deliveries().saveStatus(CRM, status);
        var failed = deferred(1, Optional.of(time()), time().plus(Duration.ofMinutes(5)));
        var behind = deferred(2, Optional.empty(), time());
        store.deliveries().save(CRM, DeliveryPosition.at(JournalPosition.START), List.of(failed, behind), List.of());
        setRight();
        assertThat(store.deliveries().status(CRM).failingSince()).contains(time());
        assertThat(store.deliveries().deferred(CRM, "lane", 10))
                .containsExactly(
                        deferred(1, Optional.of(time()), time().plus(Duration.ofMinutes(5))),
                        deferred(2, Optional.empty(), time()));
    }

    private static DeferredDelivery deferred(long position, Optional<Instant> failedAt, Instant next) {
        return new DeferredDelivery(
                CRM, new JournalPosition(position), "lane", 1, failedAt, next, false, Optional.empty());
    }

    @Test
    void states_and_addresses_grow_old_from_now_on() {
        runAhead();
        var page = new RecoveredPage(ada.id(), EventOrigin.RESYNC, List.of(), "inbox", new SyncState("s"), true);
        store.resyncs().store(page);
        var location = new MailboxLocationStore.MailboxLocation(
                URI.create("https://ews.example.com"), Optional.empty(), time());
        store.locations().put(Map.of(ada.id(), location));
        setRight();
        assertThat(store.resyncs().state(ada.id(), "inbox").orElseThrow().takenAt())
                .isEqualTo(time());
        assertThat(store.locations().find(ada.id()).orElseThrow().takenAt()).isEqualTo(time());
        assertThat(store.resyncs().withStatesBefore(time().plusSeconds(1))).containsExactly(ada.id());
    }

    @Test
    void a_dead_letter_is_kept_as_long_as_any_other() {
        runAhead();
        store.journal().appendInstanceEvent("ping", Map.of());
        var letter = new DeadLetter("dl_1", CRM, journal().getFirst(), "HTTP 500", 8, time());
        store.deliveries().saveDeadLetter(letter);
        setRight();
        assertThat(store.deliveries().pruneDeadLetters(time())).isZero();
        assertThat(store.deliveries().pruneDeadLetters(time().plusSeconds(1))).isOne();
    }

    @Test
    void journal_rows_of_then_go_with_those_behind_them() {
        runAhead();
        ping(5);
        setRight();
        assertThat(prune(time().plusSeconds(1))).isZero();
        ping(3);
        assertThat(prune(time())).isZero();
        clock.advance(Duration.ofDays(1));
        ping(2);
        assertThat(prune(time())).isEqualTo(8);
        assertThat(journal()).hasSize(2);
    }

    private void ping(int times) {
        for (var i = 0; i < times; i++) {
            store.journal().appendInstanceEvent("ping", Map.of());
        }
    }

    private int prune(Instant before) {
        return store.journal().prune(before, store.journal().end(), 500);
    }

    @Test
    void sequences_and_positions_know_no_time() {
        var attempt = subscribed("s1");
        runAhead();
        record(attempt, notification("s1", "w0", mail("m1", "w1", time())));
        var end = store.journal().end();
        setRight();
        assertThat(store.journal().end()).isEqualTo(end);
        assertThat(record(attempt, notification("s1", "w1", mail("m2", "w2", time()))))
                .isEqualTo(new IntakeOutcome.Stored(1, 0));
        assertThat(items()).containsExactly("m1", "m2");
        assertSequencesContiguous();
    }

    @Test
    void where_the_clock_went_on_everything_stays_as_it_was() {
        var attempt = subscribed("s1");
        record(attempt, notification("s1", "w0", status("w1")));
        store.subscriptions().scheduleCompensation(ada.id(), pending(Duration.ofMinutes(15)));
        var before = now();
        reopen();
        assertThat(now()).isEqualTo(before);
        clock.advance(Duration.ofMinutes(1));
        reopenAfterPowerCut();
        assertThat(now()).isEqualTo(before);
    }
}
