package dev.tidemark.contract;

import static dev.tidemark.contract.ExchangeNotifications.failure;
import static dev.tidemark.contract.ExchangeNotifications.mail;
import static dev.tidemark.contract.ExchangeNotifications.mark;
import static dev.tidemark.contract.ExchangeNotifications.notification;
import static dev.tidemark.contract.ExchangeNotifications.subscription;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Promises of [SubscriptionStore], and of [MailboxRegistry] about subscribed mailboxes.
public abstract class LifecycleContract extends WatermarkStoreContract {
    private static final GroupMembership INBOXES = new GroupMembership("inboxes", false);

    private PendingCompensation compensation(SubscribeReason reason, Duration wait, boolean resync) {
        return new PendingCompensation(reason, time().plus(wait), resync, "cause");
    }

    private AttemptId begin(SubscribeReason reason, @Nullable String from) {
        return store.subscriptions()
                .begin(ada.id(), reason, "print", Optional.ofNullable(from).map(ExchangeNotifications::mark));
    }

    private boolean confirm(AttemptId attempt, String name, @Nullable Instant resyncSince) {
        var response = new SubscribeResult(subscription(name), Optional.of(mark("w0")));
        return store.subscriptions().confirm(attempt, response, Optional.ofNullable(resyncSince));
    }

    @Test
    void a_mailbox_always_keeps_its_id() {
        var again = store.mailboxes().enrol(new MailboxAddress("ADA@example.com"), new GroupMembership("others", true));
        assertThat(again.id()).isEqualTo(ada.id());
        assertThat(again.membership()).isEqualTo(new GroupMembership("others", true));
        store.mailboxes().remove(ada.id());
        assertThat(store.mailboxes().find(ada.id())).isEmpty();
        assertThat(store.mailboxes().find(ada.address())).isEmpty();
        assertThat(store.mailboxes().all()).isEmpty();
        reopen();
        var back = store.mailboxes().enrol(ada.address(), INBOXES);
        assertThat(back.id()).isEqualTo(ada.id());
        assertThat(back.state()).isEqualTo(new MailboxState.New());
    }

    @Test
    void sequence_and_watermark_outlive_removal() {
        var attempt = subscribed("s1");
        record(attempt, notification("s1", "w0", mail("m1", "w1", time())));
        store.mailboxes().remove(ada.id());
        reopen();
        store.mailboxes().enrol(ada.address(), INBOXES);
        assertThat(now().watermark().orElseThrow().value()).isEqualTo(mark("w1"));
        assertThat(now().live()).isEmpty();
        var next = resubscribed("s2", "w1", SubscribeReason.INITIAL);
        assertThat(next.number()).isGreaterThan(attempt.number());
        assertThat(types())
                .containsExactly(
                        "subscription.created", "mailbox.message.received", "mailbox.removed", "subscription.created");
        assertSequencesContiguous();
    }

    @Test
    void many_mailboxes_are_enrolled_at_once() {
        store.mailboxes()
                .enrolAll(Map.of(
                        ada.address(),
                        new GroupMembership("others", false),
                        new MailboxAddress("eve@example.com"),
                        INBOXES));
        reopenAfterPowerCut();
        assertThat(store.mailboxes().all())
                .extracting(
                        mailbox -> mailbox.address().value(),
                        mailbox -> mailbox.membership().group())
                .containsExactlyInAnyOrder(tuple("ada@example.com", "others"), tuple("eve@example.com", "inboxes"));
        assertThat(List.copyOf(store.mailboxes().all())).extracting(Mailbox::id).isSorted();
    }

    @Test
    void subscribing_leads_from_new_to_active() {
        assertThat(now().state()).isEqualTo(new MailboxState.New());
        var attempt = begin(SubscribeReason.INITIAL, null);
        assertThat(now().state()).isEqualTo(new MailboxState.Subscribing());
        assertThat(now().pending()).contains(attempt);
        assertThat(confirm(attempt, "s1", null)).isTrue();
        reopenAfterPowerCut();
        assertThat(now().state()).isEqualTo(new MailboxState.Active());
        assertThat(now().live()).contains(attempt);
        assertThat(now().pending()).isEmpty();
        assertThat(now().subscriptionId()).contains(subscription("s1"));
        assertThat(now().fingerprint()).isEqualTo("print");
        assertThat(now().watermark()).contains(new StoredWatermark(mark("w0"), time()));
        assertThat(now().subscribedAt()).contains(time());
        assertThat(now().calledBack()).isFalse();
        assertThat(lifecycle(0)).isEqualTo(Map.of("reason", "initial"));
    }

    private Map<String, Object> lifecycle(int index) {
        return ((EventData.Lifecycle) journal().get(index).data()).fields();
    }

    @Test
    void a_newer_attempt_supersedes_a_pending_one_at_once_and_the_live_one_when_it_is_confirmed() {
        var live = subscribed("s1");
        var older = begin(SubscribeReason.SILENCE, "w0");
        var newer = begin(SubscribeReason.SILENCE, "w0");
        assertThat(record(older, notification("s2", "w0", mail("m1", "w1", time()))))
                .isEqualTo(new IntakeOutcome.Superseded());
        assertThat(confirm(older, "s2", null)).isFalse();
        assertThat(record(live, notification("s1", "w0", mail("m1", "w1", time()))))
                .isEqualTo(new IntakeOutcome.Stored(1, 0));
        assertThat(confirm(newer, "s3", null)).isTrue();
        assertThat(record(live, notification("s1", "w1", mail("m2", "w2", time()))))
                .isEqualTo(new IntakeOutcome.Superseded());
    }

    @Test
    void the_replay_does_not_double_events_of_the_live_attempt_while_another_begins() {
        var live = subscribed("s1");
        record(live, notification("s1", "w0", mail("m1", "w1", time())));
        var pending = begin(SubscribeReason.SILENCE, "w1");
        record(live, notification("s1", "w1", mail("m2", "w2", time())));
        confirm(pending, "s2", null);
        assertThat(record(pending, notification("s2", "w1", mail("m2", "w2", time()))))
                .isEqualTo(new IntakeOutcome.Repeated(1));
        assertThat(record(pending, notification("s2", "w2", mail("m3", "w3", time()))))
                .isEqualTo(new IntakeOutcome.Stored(1, 0));
        assertThat(items()).containsExactly("m1", "m2", "m3");
    }

    @Test
    void a_watermark_that_was_left_behind_meanwhile_is_found_in_the_journal() {
        var live = subscribed("s1");
        record(live, notification("s1", "w0", mail("m1", "w1", time())));
        record(live, notification("s1", "w1", mail("m2", "w2", time())));
        record(live, notification("s1", "w2", mail("m3", "w3", time())));
        var pending = begin(SubscribeReason.SILENCE, "w1");
        confirm(pending, "s2", null);
        assertThat(record(pending, notification("s2", "w1", mail("m2", "w2", time()), mail("m3", "w3", time()))))
                .isEqualTo(new IntakeOutcome.Repeated(2));
    }

    @Test
    void an_abandoned_attempt_leaves_the_mailbox_due_again() {
        var attempt = begin(SubscribeReason.INITIAL, null);
        var next = compensation(SubscribeReason.INITIAL, Duration.ofSeconds(5), false);
        store.subscriptions().abandon(attempt, "busy", true, next);
        reopenAfterPowerCut();
        assertThat(now().due()).contains(next);
        assertThat(now().pending()).isEmpty();
        assertThat(now().state()).isEqualTo(new MailboxState.New());
        assertThat(now().lastError()).contains("busy");
        assertThat(now().failuresFromWatermark()).isEqualTo(1);
        assertThat(confirm(attempt, "s1", null)).isFalse();
    }

    @Test
    void an_attempt_that_called_back_is_live_although_its_response_was_lost() {
        subscribed("s1");
        store.subscriptions()
                .scheduleCompensation(ada.id(), compensation(SubscribeReason.SILENCE, Duration.ZERO, false));
        var attempt = begin(SubscribeReason.SILENCE, "w0");
        record(attempt, notification("s2", "w0", mail("m1", "w1", time())));
        var next = compensation(SubscribeReason.SILENCE, Duration.ofSeconds(5), false);
        store.subscriptions().abandon(attempt, "no response", false, next);
        assertThat(now().live()).contains(attempt);
        assertThat(now().due()).isEmpty();
    }

    @Test
    void a_lost_subscription_is_reported_once_and_active_again_after_a_callback() {
        var attempt = subscribed("s1");
        var next = compensation(SubscribeReason.SILENCE, Duration.ZERO, false);
        store.subscriptions().recordLoss(ada.id(), "silence", next);
        store.subscriptions().recordLoss(ada.id(), "silence", next);
        assertThat(now().state()).isEqualTo(new MailboxState.Silent());
        assertThat(now().due()).contains(next);
        assertThat(types()).filteredOn("subscription.lost"::equals).hasSize(1);
        record(attempt, notification("s1", "w0", mail("m1", "w1", time())));
        assertThat(now().state()).isEqualTo(new MailboxState.Active());
        assertThat(now().due()).isEmpty();
    }

    @Test
    void what_was_silent_has_a_last_error_until_it_calls_back_in_order() {
        var attempt = subscribed("s1");
        var next = compensation(SubscribeReason.SILENCE, Duration.ZERO, false);
        store.subscriptions().recordLoss(ada.id(), "no-first-callback", "Exchange does not call back", next);
        assertThat(now().lastError()).contains("Exchange does not call back");
        assertThat(lifecycle(1)).containsEntry("message", "Exchange does not call back");
        resubscribed("s2", "w0", SubscribeReason.SILENCE);
        assertThat(now().state()).isEqualTo(new MailboxState.Active());
        assertThat(now().lastError()).as("a new subscription proves nothing").contains("Exchange does not call back");
        reopenAfterPowerCut();
        record(now().live().orElseThrow(), notification("s2", "w0", mail("m1", "w1", time())));
        assertThat(now().lastError()).isEmpty();
        record(attempt, notification("s1", "w0", mail("m2", "w2", time())));
        assertThat(now().lastError()).isEmpty();
    }

    @Test
    void a_failed_mailbox_keeps_its_last_error_while_its_old_subscription_calls_back() {
        var attempt = subscribed("s1");
        record(attempt, notification("s1", "w0", mail("m1", "w1", time())));
        store.subscriptions().fail(ada.id(), "ErrorAccessDenied", "Access is denied.");
        record(attempt, notification("s1", "w1", mail("m2", "w2", time())));
        assertThat(now().state()).isInstanceOf(MailboxState.Failed.class);
        assertThat(now().lastError())
                .hasValueSatisfying(error -> assertThat(error).contains("Access is denied."));
    }

    @Test
    void a_mailbox_that_called_back_before_has_no_error_once_it_is_subscribed() {
        record(subscribed("s1"), notification("s1", "w0", mail("m1", "w1", time())));
        var next = compensation(SubscribeReason.SILENCE, Duration.ZERO, false);
        store.subscriptions().recordLoss(ada.id(), "silence", "No callback", next);
        assertThat(now().lastError()).contains("No callback");
        resubscribed("s2", "w1", SubscribeReason.SILENCE);
        assertThat(now().lastError()).isEmpty();
    }

    @Test
    void what_an_operator_asks_for_keeps_its_name() {
        subscribed("s1");
        store.subscriptions().scheduleCompensation(ada.id(), compensation(SubscribeReason.ERROR, Duration.ZERO, true));
        clock.advance(Duration.ofSeconds(1));
        store.subscriptions()
                .scheduleCompensation(ada.id(), compensation(SubscribeReason.OPERATOR, Duration.ZERO, false));
        assertThat(now().due().orElseThrow().reason()).isEqualTo(SubscribeReason.OPERATOR);
        assertThat(now().due().orElseThrow().resync()).isTrue();
    }

    @Test
    void a_failed_mailbox_that_an_operator_asks_for_is_being_subscribed() {
        begin(SubscribeReason.INITIAL, null);
        store.subscriptions().fail(ada.id(), "Http401", "No.");
        store.subscriptions()
                .scheduleCompensation(ada.id(), compensation(SubscribeReason.OPERATOR, Duration.ZERO, false));
        assertThat(now().state()).isEqualTo(new MailboxState.Subscribing());
        store.mailboxes().pause(ada.id());
        store.mailboxes().resume(ada.id());
        assertThat(now().state()).isEqualTo(new MailboxState.Subscribing());
    }

    @Test
    void counts_compensations_without_a_callback() {
        subscribed("s1");
        for (var expected = 0; expected < 3; expected++) {
            store.subscriptions()
                    .recordLoss(ada.id(), "silence", compensation(SubscribeReason.SILENCE, Duration.ZERO, false));
            assertThat(now().fruitless()).isEqualTo(expected);
            resubscribed("s2", "w0", SubscribeReason.SILENCE);
        }
        record(now().live().orElseThrow(), notification("s2", "w0", mail("m1", "w1", time())));
        assertThat(now().fruitless()).isZero();
    }

    @Test
    void a_permanent_failure_is_reported_once_until_it_is_repaired() {
        begin(SubscribeReason.INITIAL, null);
        store.subscriptions().fail(ada.id(), "ErrorImpersonateUserDenied", "No.");
        assertThat(now().state()).isEqualTo(new MailboxState.Failed("ErrorImpersonateUserDenied", "No."));
        assertThat(now().due()).isEmpty();
        assertThat(lifecycle(0))
                .isEqualTo(Map.of(
                        "error",
                        Map.of("code", "ErrorImpersonateUserDenied", "message", "No."),
                        "actionRequired",
                        true));
        begin(SubscribeReason.INITIAL, null);
        store.subscriptions().fail(ada.id(), "ErrorImpersonateUserDenied", "No.");
        reopen();
        assertThat(types()).containsExactly("subscription.failed");
        subscribed("s1");
        store.subscriptions().fail(ada.id(), "ErrorImpersonateUserDenied", "No.");
        assertThat(types()).containsExactly("subscription.failed", "subscription.created", "subscription.failed");
        store.subscriptions()
                .scheduleCompensation(ada.id(), compensation(SubscribeReason.OPERATOR, Duration.ZERO, false));
        assertThat(now().state()).isEqualTo(new MailboxState.Active());
    }

    @Test
    void the_earlier_of_two_compensations_stays_and_a_resync_stays_asked_for() {
        subscribed("s1");
        var later = compensation(SubscribeReason.ERROR, Duration.ofMinutes(5), true);
        var earlier = compensation(SubscribeReason.SILENCE, Duration.ofMinutes(1), false);
        store.subscriptions().scheduleCompensation(ada.id(), later);
        store.subscriptions().scheduleCompensation(ada.id(), earlier);
        reopenAfterPowerCut();
        assertThat(now().due())
                .contains(new PendingCompensation(SubscribeReason.SILENCE, earlier.notBefore(), true, "cause"));
    }

    @Test
    void a_compensation_requested_during_an_attempt_is_still_pending_after_it() {
        subscribed("s1");
        var attempt = begin(SubscribeReason.SILENCE, "w0");
        store.subscriptions()
                .scheduleCompensation(ada.id(), compensation(SubscribeReason.OPERATOR, Duration.ZERO, true));
        confirm(attempt, "s2", null);
        assertThat(now().due().orElseThrow().resync()).isTrue();
    }

    @Test
    void an_attempt_chosen_before_there_was_a_watermark_leaves_a_resync_pending() {
        var first = begin(SubscribeReason.INITIAL, null);
        var second = begin(SubscribeReason.INITIAL, null);
        record(second, notification("s2", "w0", mail("m1", "w1", time())));
        var third = begin(SubscribeReason.INITIAL, null);
        clock.advance(Duration.ofSeconds(5));
        confirm(third, "s3", null);
        assertThat(confirm(first, "s1", null)).isFalse();
        assertThat(now().resyncSince()).contains(time().minusSeconds(5).minus(Duration.ofMinutes(15)));
    }

    @Test
    void a_resync_after_the_next_attempt_finds_events_of_a_first_attempt_with_unknown_outcome() {
        begin(SubscribeReason.INITIAL, null);
        var sent = time();
        reopenAfterPowerCut();
        clock.advance(Duration.ofMinutes(1));
        confirm(begin(SubscribeReason.INITIAL, null), "s2", null);
        assertThat(now().resyncSince()).contains(sent);
    }

    @Test
    void a_refused_first_attempt_leaves_no_resync_pending() {
        var attempt = begin(SubscribeReason.INITIAL, null);
        var next = compensation(SubscribeReason.INITIAL, Duration.ZERO, false);
        store.subscriptions().abandon(attempt, "busy", false, next);
        confirm(begin(SubscribeReason.INITIAL, null), "s2", null);
        assertThat(now().resyncSince()).isEmpty();
    }

    @Test
    void a_resync_that_exchange_demanded_stays_pending_after_any_outcome_of_the_attempt() {
        var first = subscribed("s1");
        var second = begin(SubscribeReason.CONFIG, "w0");
        record(first, failure("ErrorMissedNotificationEvents"));
        confirm(second, "s2", null);
        assertThat(now().due()).isEmpty();
        assertThat(now().resyncSince()).contains(time().minus(Duration.ofMinutes(15)));
    }

    @Test
    void a_resync_that_exchange_demanded_stays_pending_for_a_failed_mailbox() {
        var first = subscribed("s1");
        record(first, failure("ErrorMissedNotificationEvents"));
        begin(SubscribeReason.ERROR, null);
        store.subscriptions().fail(ada.id(), "Http401", "The server refuses the credentials.");
        reopenAfterPowerCut();
        confirm(begin(SubscribeReason.ERROR, "w0"), "s2", null);
        assertThat(now().resyncSince()).contains(time().minus(Duration.ofMinutes(15)));
    }

    @Test
    void a_response_counts_for_its_own_attempt_only() {
        var first = begin(SubscribeReason.INITIAL, null);
        record(first, notification("s1", "w0", mail("m1", "w1", time())));
        var second = begin(SubscribeReason.CONFIG, "w1");
        confirm(first, "s1", null);
        assertThat(now().live()).contains(first);
        assertThat(now().pending()).contains(second);
    }

    @Test
    void exchange_may_explain_itself_at_any_length() {
        var text = "x".repeat(100_000);
        var attempt = subscribed("s1");
        record(attempt, failure("Error" + text));
        var next = new PendingCompensation(SubscribeReason.ERROR, time(), false, text);
        store.subscriptions().scheduleCompensation(ada.id(), next);
        store.subscriptions().abandon(begin(SubscribeReason.ERROR, "w0"), text, false, next);
        store.subscriptions().recordLoss(ada.id(), "silence", next);
        store.subscriptions().fail(ada.id(), "Error" + text, text);
        reopen();
        assertThat(now().lastError().orElseThrow()).hasSize(1000);
    }

    @Test
    void a_resync_is_pending_from_the_earlier_of_two_times() {
        confirm(begin(SubscribeReason.SILENCE, null), "s1", time().minus(Duration.ofHours(2)));
        confirm(begin(SubscribeReason.SILENCE, null), "s2", time().minus(Duration.ofHours(1)));
        reopenAfterPowerCut();
        assertThat(now().resyncSince()).contains(time().minus(Duration.ofHours(2)));
        assertThat(now().state()).isEqualTo(new MailboxState.Resyncing());
    }

    @Test
    void a_resumed_mailbox_is_due_and_keeps_its_pending_work() {
        subscribed("s1");
        store.subscriptions().scheduleCompensation(ada.id(), compensation(SubscribeReason.ERROR, Duration.ZERO, true));
        store.mailboxes().pause(ada.id());
        assertThat(now().state()).isEqualTo(new MailboxState.Paused());
        assertThat(now().due()).isEmpty();
        assertThat(now().live()).isEmpty();
        reopen();
        store.mailboxes().resume(ada.id());
        assertThat(now().due().orElseThrow().resync()).isTrue();
        assertThat(types()).endsWith("mailbox.paused", "mailbox.resumed");
    }

    @Test
    void unknown_mailboxes_change_nothing() {
        var unknown = new MailboxId("mbx_aaaaaaaaaaaaaaaa");
        var attempt = store.subscriptions().begin(unknown, SubscribeReason.INITIAL, "print", Optional.empty());
        assertThat(confirm(attempt, "s1", null)).isFalse();
        store.subscriptions().fail(unknown, "code", "text");
        store.subscriptions().scheduleCompensation(unknown, compensation(SubscribeReason.GAP, Duration.ZERO, false));
        store.subscriptions().recordLoss(unknown, "silence", compensation(SubscribeReason.GAP, Duration.ZERO, false));
        store.mailboxes().pause(unknown);
        store.mailboxes().resume(unknown);
        store.mailboxes().remove(unknown);
        store.resyncs().prepare(unknown, time());
        assertThat(journal()).isEmpty();
    }
}
