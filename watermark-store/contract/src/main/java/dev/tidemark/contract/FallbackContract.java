package dev.tidemark.contract;

import static dev.tidemark.contract.ExchangeNotifications.change;
import static dev.tidemark.contract.ExchangeNotifications.failure;
import static dev.tidemark.contract.ExchangeNotifications.mail;
import static dev.tidemark.contract.ExchangeNotifications.mark;
import static dev.tidemark.contract.ExchangeNotifications.notification;
import static dev.tidemark.contract.ExchangeNotifications.status;
import static dev.tidemark.contract.ExchangeNotifications.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.PushDegradation;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SyncState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Promises of [FallbackStore].
public abstract class FallbackContract extends WatermarkStoreContract {
    private static final String UNREACHABLE = "Exchange does not call back at https://push.example.com";

    private static final Duration MARGIN = Duration.ofMinutes(15);

    private RecoveredPage.RecoveryCounts poll(String state, String... mails) {
        var found = List.of(mails).stream()
                .map(mail -> new RecoveredPage.RecoveredChange(
                        ChangeKind.NEW_MAIL, ItemId.of(mail), Optional.empty(), time()))
                .toList();
        return store.resyncs()
                .store(new RecoveredPage(ada.id(), EventOrigin.POLL, found, "inbox", new SyncState(state), true));
    }

    /// Starts a subscription in place of the one that does not call back.
    private AttemptId probe(String name, String watermark) {
        var attempt = store.subscriptions().begin(ada.id(), SubscribeReason.SILENCE, "print", Optional.empty());
        store.subscriptions()
                .confirm(
                        attempt,
                        new SubscribeResult(subscription(name), Optional.of(mark(watermark))),
                        Optional.empty());
        return attempt;
    }

    private void recordLoss() {
        store.subscriptions()
                .recordLoss(
                        ada.id(),
                        "no-first-callback",
                        new PendingCompensation(SubscribeReason.SILENCE, time(), false, "x"));
    }

    /// Returns the start of the degradation of a mailbox for which push reported `m1` at `w1`, and nothing since.
    private Instant degraded() {
        var first = subscribed("s1");
        record(first, notification("s1", "w0", mail("m1", "w1", time())));
        var reported = time();
        recordLoss();
        for (var i = 1; i <= 3; i++) {
            clock.advance(Duration.ofMinutes(20));
            resubscribed("again" + i, "w1", SubscribeReason.SILENCE);
            recordLoss();
        }
        assertThat(now().fruitless()).isEqualTo(3);
        store.fallbacks().degrade(ada.id(), "poll", UNREACHABLE);
        return reported;
    }

    @Test
    void a_degraded_mailbox_says_so_and_stays_so_after_a_power_cut() {
        var reported = degraded();

        reopenAfterPowerCut();

        assertThat(now().state()).isEqualTo(new MailboxState.Degraded());
        assertThat(now().degraded()).contains(new PushDegradation(time(), reported.minus(MARGIN)));
        assertThat(now().due()).isEmpty();
        assertThat(now().resyncSince()).isEmpty();
        assertThat(now().lastError()).contains(UNREACHABLE);
        var last = journal().getLast();
        assertThat(last.type()).isEqualTo("mailbox.push.degraded");
        assertThat(((EventData.Lifecycle) last.data()).fields())
                .containsEntry("transport", "poll")
                .containsEntry("compensations", 3L)
                .containsEntry("lastHeardAt", reported.toString())
                .containsEntry("reason", UNREACHABLE);
        assertSequencesContiguous();
    }

    @Test
    void the_explanation_is_the_last_error_until_push_is_back() {
        degraded();
        var live = probe("p1", "x0");
        assertThat(now().lastError()).as("not called back yet").contains(UNREACHABLE);
        record(live, notification("p1", "x0", mail("m2", "x1", time())));
        assertThat(now().lastError()).isEmpty();
    }

    @Test
    void is_degraded_once() {
        degraded();
        store.fallbacks().degrade(ada.id(), "poll");
        assertThat(types()).containsOnlyOnce("mailbox.push.degraded");
    }

    @Test
    void a_poll_drops_events_that_push_reported_before() {
        degraded();
        assertThat(poll("state-1", "m1", "m2")).isEqualTo(new RecoveredPage.RecoveryCounts(1, 0, 0, 1));
        assertThat(items()).containsExactly("m1", "m2");
        assertThat(now().origin()).contains(EventOrigin.POLL);
    }

    @Test
    void probes_are_counted_and_leave_nothing_pending() {
        degraded();
        probe("p1", "x0");
        clock.advance(Duration.ofMinutes(20));
        probe("p2", "y0");
        assertThat(now().fruitless()).isEqualTo(4);
        assertThat(now().state()).isEqualTo(new MailboxState.Degraded());
        assertThat(now().resyncSince()).isEmpty();
        assertThat(now().lastError()).isPresent();
        assertThat(types()).containsOnlyOnce("mailbox.push.degraded");
        assertThat(types()).filteredOn("subscription.lost"::equals).hasSize(4);
    }

    @Test
    void a_first_callback_restores_push_and_leaves_a_resync_pending() {
        var reported = degraded();
        var degradedAt = time();
        poll("state-1", "m2");
        var probe = probe("p1", "x0");
        clock.advance(Duration.ofMinutes(1));

        assertThat(record(probe, notification("p1", "x0", status("x1")))).isEqualTo(new IntakeOutcome.HeartbeatOnly());
        reopenAfterPowerCut();

        assertThat(now().state()).isEqualTo(new MailboxState.Resyncing());
        assertThat(now().degraded()).isEmpty();
        assertThat(now().resyncSince()).contains(reported.minus(MARGIN));
        assertThat(now().fruitless()).isZero();
        assertThat(now().lastError()).isEmpty();
        var last = journal().getLast();
        assertThat(last.type()).isEqualTo("mailbox.push.restored");
        assertThat(((EventData.Lifecycle) last.data()).fields())
                .containsEntry("degradedAt", degradedAt.toString())
                .containsEntry("durationMs", 60_000L);
    }

    @Test
    void an_error_callback_proves_that_push_works_too() {
        degraded();
        var probe = probe("p1", "x0");
        record(probe, failure("ErrorReadEventsFailed"));
        assertThat(types()).contains("mailbox.push.restored");
        assertThat(now().due().orElseThrow().reason()).isEqualTo(SubscribeReason.ERROR);
    }

    @Test
    void push_drops_events_that_polls_found_since_its_probe_at_any_age() {
        degraded();
        poll("state-1", "m2");
        var probe = probe("p1", "x0");
        var early = time();
        poll("state-2", "m3");
        var mark = store.fallbacks().mark(ada.id());
        clock.advance(Duration.ofMinutes(90));
        poll("state-3", "m4");
        store.fallbacks().recordCaughtUp(ada.id(), mark);

        assertThat(record(probe, notification("p1", "x0", mail("m3", "x1", early))))
                .isEqualTo(new IntakeOutcome.Repeated(1));
        clock.advance(Duration.ofMinutes(1));
        assertThat(record(probe, notification("p1", "x1", mail("m4", "x2", time()), mail("m5", "x3", time()))))
                .isEqualTo(new IntakeOutcome.Stored(1, 1));
        assertThat(items()).containsExactly("m1", "m2", "m3", "m4", "m5");
        assertSequencesContiguous();
    }

    @Test
    void a_poll_that_push_overtook_repeats_nothing() {
        degraded();
        var probe = probe("p1", "x0");
        record(probe, notification("p1", "x0", mail("m2", "x1", time())));
        assertThat(poll("state-1", "m2", "m3")).isEqualTo(new RecoveredPage.RecoveryCounts(1, 0, 0, 1));
        assertThat(items()).containsExactly("m1", "m2", "m3");
    }

    @Test
    void forgets_only_events_that_cannot_repeat() {
        degraded();
        poll("state-1", "m2");
        var mark = store.fallbacks().mark(ada.id());
        poll("state-2", "m3");
        probe("p1", "x0");
        store.fallbacks().recordCaughtUp(ada.id(), mark);
        assertThat(poll("state-3", "m3")).isEqualTo(new RecoveredPage.RecoveryCounts(0, 0, 0, 1));
        reopenAfterPowerCut();
        assertThat(poll("state-3", "m3")).isEqualTo(new RecoveredPage.RecoveryCounts(0, 0, 0, 1));
    }

    @Test
    void a_stream_reports_with_its_own_origin_and_drops_known_events() {
        degraded();
        poll("state-1", "m2");
        var reported = notification(
                "stream",
                "none",
                mail("m2", "z1", time()),
                mail("m3", "z2", time()),
                change(ChangeKind.MODIFIED, "m3", "z3", time()));
        assertThat(store.fallbacks().recordStreamed(ada.id(), reported, time()))
                .isEqualTo(new RecoveredPage.RecoveryCounts(1, 1, 0, 1));
        reopenAfterPowerCut();
        assertThat(poll("state-2", "m3")).isEqualTo(new RecoveredPage.RecoveryCounts(0, 0, 0, 1));
        assertThat(journal().getLast().origin()).contains(EventOrigin.STREAM);
        assertThat(items()).containsExactly("m1", "m2", "m3", "m3");
    }

    @Test
    void a_stream_that_push_overtook_reports_nothing() {
        degraded();
        var probe = probe("p1", "x0");
        record(probe, notification("p1", "x0", status("x1")));
        var reported = notification("stream", "none", mail("m2", "z1", time()));
        assertThat(store.fallbacks().recordStreamed(ada.id(), reported, time()))
                .isEqualTo(RecoveredPage.RecoveryCounts.NONE);
    }

    @Test
    void a_degraded_mailbox_is_degraded_still_after_a_pause_and_no_more_after_a_removal() {
        degraded();
        store.mailboxes().pause(ada.id());
        store.mailboxes().resume(ada.id());
        assertThat(now().state()).isEqualTo(new MailboxState.Degraded());
        store.mailboxes().remove(ada.id());
        store.mailboxes().enrol(ada.address(), ada.membership());
        assertThat(now().degraded()).isEmpty();
    }

    @Test
    void a_degraded_mailbox_that_returns_after_a_removal_needs_a_resync_from_the_start_of_its_fallback() {
        var since = degraded();
        probe("p1", "x0");
        store.mailboxes().remove(ada.id());
        reopen();
        store.mailboxes().enrol(ada.address(), ada.membership());
        assertThat(now().resyncSince()).contains(since.minus(MARGIN));
    }

    @Test
    void a_mailbox_without_a_watermark_is_polled_from_its_subscription_on() {
        var begun = time();
        var attempt = store.subscriptions().begin(ada.id(), SubscribeReason.SILENCE, "print", Optional.empty());
        store.subscriptions()
                .confirm(attempt, new SubscribeResult(subscription("s1"), Optional.empty()), Optional.empty());
        clock.advance(Duration.ofMinutes(20));
        recordLoss();
        store.fallbacks().degrade(ada.id(), "poll");
        assertThat(now().degraded().orElseThrow().since()).isEqualTo(begun.minus(MARGIN));
    }
}
