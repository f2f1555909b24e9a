package dev.tidemark.contract;

import static dev.tidemark.contract.ExchangeNotifications.body;
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
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.MailboxEvent;
import dev.tidemark.values.ReadableTime;
import dev.tidemark.values.SubscribeResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Promises of [CallbackIntake].
public abstract class IntakeContract extends WatermarkStoreContract {
    @Test
    void stores_a_notification_and_moves_the_watermark() {
        var attempt = subscribed("s1");
        assertThat(record(attempt, notification("s1", "w0", mail("m1", "w1", time()))))
                .isEqualTo(new IntakeOutcome.Stored(1, 0));
        assertThat(now().watermark().orElseThrow().value()).isEqualTo(mark("w1"));
        assertThat(types()).containsExactly("subscription.created", "mailbox.message.received");
        assertSequencesContiguous();
    }

    @Test
    void stores_the_same_notification_once() {
        var attempt = subscribed("s1");
        var message = notification("s1", "w0", mail("m1", "w1", time()), mail("m2", "w2", time()));
        record(attempt, message);
        assertThat(record(attempt, message)).isEqualTo(new IntakeOutcome.Repeated(2));
        assertThat(items()).containsExactly("m1", "m2");
        assertThat(now().due()).isEmpty();
    }

    @Test
    void names_the_new_events_of_a_callback_to_its_trace() {
        var attempt = subscribed("s1");
        record(attempt, notification("s1", "w0", mail("m1", "w1", time())));
        var trace = new RecordedEventIds();
        var message = notification("s1", "w1", mail("m1", "w1", time()), mail("m2", "w2", time()));
        store.intake().record(List.of(new VerifiedCallback(attempt, body(message), time(), "192.0.2.1", trace)));
        assertThat(items()).containsExactly("m1", "m2");
        assertThat(trace.ids()).containsExactly(journal().getLast().id().value());
    }

    @Test
    void stores_the_same_notification_once_within_a_batch() {
        var attempt = subscribed("s1");
        var message = notification("s1", "w0", mail("m1", "w1", time()));
        var outcomes = store.intake()
                .record(List.of(
                        callback(attempt, message),
                        callback(attempt, message),
                        callback(attempt, notification("s1", "w1", mail("m2", "w2", time())))));
        assertThat(outcomes)
                .containsExactly(
                        new IntakeOutcome.Stored(1, 0), new IntakeOutcome.Repeated(1), new IntakeOutcome.Stored(1, 0));
        assertThat(items()).containsExactly("m1", "m2");
    }

    @Test
    void stores_the_same_notification_once_after_a_power_cut() {
        var attempt = subscribed("s1");
        var message = notification("s1", "w0", mail("m1", "w1", time()));
        record(attempt, message);
        reopenAfterPowerCut();
        assertThat(store.instance().stoppedCleanly()).isFalse();
        assertThat(record(attempt, message)).isEqualTo(new IntakeOutcome.Repeated(1));
        assertThat(record(attempt, notification("s1", "w1", mail("m2", "w2", time()))))
                .isEqualTo(new IntakeOutcome.Stored(1, 0));
        assertThat(items()).containsExactly("m1", "m2");
        assertSequencesContiguous();
    }

    @Test
    void reports_a_gap_keeps_its_events_and_leaves_the_watermark() {
        var attempt = subscribed("s1");
        record(attempt, notification("s1", "w0", mail("m1", "w1", time())));
        assertThat(record(attempt, notification("s1", "w2", mail("m3", "w3", time()))))
                .isEqualTo(new IntakeOutcome.Gap(1, 0, true));
        assertThat(now().watermark().orElseThrow().value()).isEqualTo(mark("w1"));
        assertThat(now().due().orElseThrow())
                .extracting(PendingCompensation::reason, PendingCompensation::notBefore, PendingCompensation::resync)
                .containsExactly(SubscribeReason.GAP, time(), false);
        assertThat(types()).endsWith("mailbox.gap.detected", "mailbox.message.received");
        assertThat(record(attempt, notification("s1", "w3", mail("m4", "w4", time()))))
                .isEqualTo(new IntakeOutcome.Gap(1, 0, false));
        assertThat(types()).filteredOn("mailbox.gap.detected"::equals).hasSize(1);
    }

    @Test
    void drops_by_id_what_the_replay_after_a_gap_repeats() {
        var first = subscribed("s1");
        record(first, notification("s1", "w0", mail("m1", "w1", time())));
        record(first, notification("s1", "w2", mail("m3", "w3", time())));
        record(first, notification("s1", "w3", mail("m4", "w4", time())));
        var second = resubscribed("s2", "w1", SubscribeReason.GAP);
        assertThat(record(
                        second,
                        notification(
                                "s2",
                                "w1",
                                mail("m2", "w2", time()),
                                mail("m3", "w3", time()),
                                mail("m4", "w4", time()))))
                .isEqualTo(new IntakeOutcome.Stored(1, 2));
        assertThat(items()).containsExactly("m1", "m3", "m4", "m2");
        assertThat(now().watermark().orElseThrow().value()).isEqualTo(mark("w4"));
        assertThat(now().due()).isEmpty();
        assertSequencesContiguous();
    }

    @Test
    void a_replaced_attempt_gets_unsubscribe() {
        var first = subscribed("s1");
        resubscribed("s2", "w0", SubscribeReason.SILENCE);
        assertThat(record(first, notification("s1", "w0", mail("m1", "w1", time()))))
                .isEqualTo(new IntakeOutcome.Superseded());
        assertThat(items()).isEmpty();
    }

    @Test
    void another_subscription_of_the_same_attempt_gets_unsubscribe() {
        var attempt = subscribed("s1");
        assertThat(record(attempt, notification("s9", "w0", mail("m1", "w1", time()))))
                .isEqualTo(new IntakeOutcome.Superseded());
    }

    @Test
    void a_callback_that_overtakes_the_response_makes_the_attempt_live_and_reports_it_once() {
        var attempt = store.subscriptions().begin(ada.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        assertThat(record(attempt, notification("s1", "w0", mail("m1", "w1", time()))))
                .isEqualTo(new IntakeOutcome.Stored(1, 0));
        assertThat(now().live()).contains(attempt);
        var response = new SubscribeResult(subscription("s1"), Optional.of(mark("w0")));
        assertThat(store.subscriptions().confirm(attempt, response, Optional.empty()))
                .isTrue();
        assertThat(types()).containsExactly("subscription.created", "mailbox.message.received");
        assertThat(now().watermark().orElseThrow().value()).isEqualTo(mark("w1"));
        assertThat(record(attempt, notification("s1", "w1", mail("m2", "w2", time()))))
                .isEqualTo(new IntakeOutcome.Stored(1, 0));
    }

    @Test
    void an_error_callback_leaves_a_compensation_pending_even_after_a_power_cut() {
        var attempt = subscribed("s1");
        assertThat(record(attempt, failure("ErrorMissedNotificationEvents")))
                .isEqualTo(new IntakeOutcome.Ended("ErrorMissedNotificationEvents"));
        reopenAfterPowerCut();
        assertThat(now().due().orElseThrow())
                .extracting(PendingCompensation::reason, PendingCompensation::resync)
                .containsExactly(SubscribeReason.ERROR, true);
    }

    @Test
    void a_heartbeat_moves_the_watermark_and_the_time_and_journals_nothing() {
        var attempt = subscribed("s1");
        var before = time();
        clock.advance(Duration.ofMinutes(1));
        assertThat(record(attempt, notification("s1", "w0", status("w7"))))
                .isEqualTo(new IntakeOutcome.HeartbeatOnly());
        assertThat(now().watermark().orElseThrow()).isEqualTo(new StoredWatermark(mark("w7"), before));
        assertThat(now().lastHeardAt()).contains(time());
        assertThat(types()).containsExactly("subscription.created");
        reopen();
        assertThat(now().watermark().orElseThrow().value()).isEqualTo(mark("w7"));
        assertThat(record(attempt, notification("s1", "w7", mail("m1", "w8", time()))))
                .isEqualTo(new IntakeOutcome.Stored(1, 0));
    }

    @Test
    void a_heartbeat_that_may_have_been_under_way_for_long_is_as_old_as_the_call_before_it() {
        var attempt = subscribed("s1");
        record(attempt, notification("s1", "w0", mail("m1", "w1", time())));
        var outcome = time();
        clock.advance(Duration.ofMinutes(30));
        record(attempt, notification("s1", "w1", status("w1")));
        assertThat(now().watermark()).contains(new StoredWatermark(mark("w1"), outcome));
        clock.advance(Duration.ofMinutes(1));
        record(attempt, notification("s1", "w1", status("w1")));
        assertThat(now().watermark()).contains(new StoredWatermark(mark("w1"), time().minus(Duration.ofMinutes(1))));
    }

    @Test
    void does_not_report_the_first_mismatch_after_a_power_cut() {
        var attempt = subscribed("s1");
        record(attempt, notification("s1", "w0", mail("m1", "w1", time())));
        reopenAfterPowerCut();
        assertThat(record(attempt, notification("s1", "w5", mail("m2", "w6", time()))))
                .isEqualTo(new IntakeOutcome.Gap(1, 0, false));
        assertThat(types()).doesNotContain("mailbox.gap.detected");
        assertThat(now().due()).isPresent();
    }

    @Test
    void refuses_the_unknown_the_paused_and_the_removed() {
        var attempt = subscribed("s1");
        var message = notification("s1", "w0", mail("m1", "w1", time()));
        var unknown = new AttemptId(new MailboxId("mbx_aaaaaaaaaaaaaaaa"), 1);
        assertThat(record(unknown, message)).isEqualTo(new IntakeOutcome.Superseded());
        assertThat(record(new AttemptId(ada.id(), 99), message)).isEqualTo(new IntakeOutcome.Superseded());
        store.mailboxes().pause(ada.id());
        assertThat(record(attempt, message)).isEqualTo(new IntakeOutcome.Superseded());
        store.mailboxes().resume(ada.id());
        assertThat(record(attempt, message)).isEqualTo(new IntakeOutcome.Superseded());
        store.mailboxes().remove(ada.id());
        assertThat(record(attempt, message)).isEqualTo(new IntakeOutcome.Superseded());
        assertThat(items()).isEmpty();
    }

    @Test
    void backs_off_from_gap_to_gap_and_resets_after_a_healthy_period() {
        assertThat(waitAfterGap("s1")).isEqualTo(Duration.ZERO);
        assertThat(waitAfterGap("s2")).isEqualTo(Duration.ofSeconds(30));
        assertThat(waitAfterGap("s3")).isEqualTo(Duration.ofMinutes(1));
        reopen();
        assertThat(waitAfterGap("s4")).isEqualTo(Duration.ofMinutes(2));
        clock.advance(Duration.ofMinutes(20));
        assertThat(waitAfterGap("s5")).isEqualTo(Duration.ZERO);
    }

    @Test
    void gap_after_gap_stays_the_last_error_until_a_healthy_period_has_passed() {
        waitAfterGap("s1");
        waitAfterGap("s2");
        resubscribed("s", "w0", SubscribeReason.GAP);
        assertThat(now().lastError()).as("what is repaired at once").isEmpty();
        waitAfterGap("s3");
        assertThat(now().lastError().orElseThrow())
                .startsWith("3 gaps and errors in a row, the last at " + ReadableTime.of(time()));
        var live = resubscribed("s4", "w0", SubscribeReason.GAP);
        record(live, notification("s4", "w0", status("w0")));
        assertThat(now().lastError()).as("subscribed, but not healthy yet").isPresent();
        clock.advance(Duration.ofMinutes(20));
        record(live, notification("s4", "w0", status("w0")));
        assertThat(now().lastError()).isEmpty();
    }

    private Duration waitAfterGap(String name) {
        var attempt = resubscribed(name, "w0", SubscribeReason.GAP);
        record(attempt, notification(name, "w0", status("w0")));
        assertThat(record(attempt, notification(name, "w8", status("w9")))).isInstanceOf(IntakeOutcome.Gap.class);
        return Duration.between(time(), now().due().orElseThrow().notBefore());
    }

    @Test
    void counts_compensations_that_fail_from_the_same_watermark() {
        subscribed("s1");
        for (var expected = 1; expected <= 2; expected++) {
            var attempt = resubscribed("s2", "w0", SubscribeReason.ERROR);
            record(attempt, failure("ErrorReadEventsFailed"));
            assertThat(now().failuresFromWatermark()).isEqualTo(expected);
        }
        var last = resubscribed("s3", "w0", SubscribeReason.ERROR);
        record(last, notification("s3", "w0", mail("m1", "w1", time())));
        assertThat(now().failuresFromWatermark()).isZero();
    }

    @Test
    void schedules_once_for_a_repeated_error_callback() {
        var attempt = subscribed("s1");
        record(attempt, failure("ErrorReadEventsFailed"));
        var due = now().due();
        clock.advance(Duration.ofSeconds(30));
        assertThat(record(attempt, failure("ErrorReadEventsFailed")))
                .isEqualTo(new IntakeOutcome.Ended("ErrorReadEventsFailed"));
        assertThat(now().due()).isEqualTo(due);
        assertThat(due.orElseThrow().resync()).isFalse();
    }

    @Test
    void an_error_that_overtakes_the_response_stays_pending_after_the_response() {
        var attempt = store.subscriptions().begin(ada.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        record(attempt, failure("ErrorReadEventsFailed"));
        var response = new SubscribeResult(subscription("s1"), Optional.of(mark("w0")));
        assertThat(store.subscriptions().confirm(attempt, response, Optional.empty()))
                .isTrue();
        assertThat(now().due().orElseThrow().reason()).isEqualTo(SubscribeReason.ERROR);
    }

    @Test
    void an_attempt_without_a_watermark_that_calls_back_before_its_response_leaves_a_resync_pending() {
        subscribed("s1");
        var takenAt = time();
        clock.advance(Duration.ofHours(2));
        var attempt = store.subscriptions().begin(ada.id(), SubscribeReason.SILENCE, "print", Optional.empty());
        record(attempt, notification("s2", "x0", mail("m1", "x1", time())));
        reopenAfterPowerCut();
        assertThat(now().resyncSince()).contains(takenAt.minus(Duration.ofMinutes(15)));
        assertThat(now().state()).isEqualTo(new MailboxState.Resyncing());
        assertThat(now().watermark().orElseThrow().value()).isEqualTo(mark("x1"));
    }

    @Test
    void refused_callbacks_of_an_attempt_that_is_not_live_yet_are_reported_once_it_is() {
        var attempt = store.subscriptions().begin(ada.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        for (var time = 1; time <= 4; time++) {
            assertThat(store.intake().recordRefusal(attempt, "Damaged.")).isFalse();
        }
        store.subscriptions()
                .confirm(attempt, new SubscribeResult(subscription("s1"), Optional.of(mark("w0"))), Optional.empty());

        assertThat(store.intake().recordRefusal(attempt, "Damaged.")).isTrue();

        assertThat(now().state()).isEqualTo(new MailboxState.Silent());
        assertThat(now().due().orElseThrow().resync()).isTrue();
        assertThat(store.intake().recordRefusal(attempt, "Damaged."))
                .as("reported already")
                .isFalse();
    }

    @Test
    void refused_callbacks_count_from_the_last_accepted_one() {
        var attempt = subscribed("s1");
        for (var round = 1; round <= 2; round++) {
            assertThat(store.intake().recordRefusal(attempt, "Damaged.")).isFalse();
            assertThat(store.intake().recordRefusal(attempt, "Damaged.")).isFalse();
            clock.advance(Duration.ofSeconds(1));
            record(attempt, notification("s1", "w0", status("w0")));
        }
        assertThat(store.intake().recordRefusal(attempt, "Damaged.")).isFalse();
        assertThat(store.intake().recordRefusal(attempt, "Damaged.")).isFalse();
        assertThat(store.intake().recordRefusal(attempt, "Damaged.")).isTrue();
    }

    @Test
    void sums_up_several_messages_of_one_body() {
        var attempt = subscribed("s1");
        assertThat(record(
                        attempt,
                        notification("s1", "w0", mail("m1", "w1", time()), status("w2")),
                        notification("s1", "w2", mail("m2", "w3", time()), mail("m3", "w4", time()))))
                .isEqualTo(new IntakeOutcome.Stored(3, 0));
        assertThat(record(attempt, notification("s1", "w4", status("w5")), failure("ErrorReadEventsFailed")))
                .isEqualTo(new IntakeOutcome.Ended("ErrorReadEventsFailed"));
    }

    @Test
    void a_heartbeat_after_a_lost_notification_shows_the_gap() {
        var attempt = subscribed("s1");
        record(attempt, notification("s1", "w0", mail("m1", "w1", time())));
        assertThat(record(attempt, notification("s1", "w2", status("w3"))))
                .isEqualTo(new IntakeOutcome.Gap(0, 0, true));
        assertThat(record(attempt, notification("s1", "w3", status("w4"))))
                .isEqualTo(new IntakeOutcome.HeartbeatOnly());
        assertThat(now().watermark().orElseThrow().value()).isEqualTo(mark("w1"));
    }

    @Test
    void events_may_replace_a_heartbeat_with_a_lost_response() {
        var attempt = subscribed("s1");
        record(attempt, notification("s1", "w0", mail("m1", "w1", time())));
        record(attempt, notification("s1", "w1", status("w2")));
        assertThat(record(attempt, notification("s1", "w1", mail("m2", "w3", time()))))
                .isEqualTo(new IntakeOutcome.Stored(1, 0));
        assertThat(record(attempt, notification("s1", "w1", mail("m3", "w4", time()))))
                .isInstanceOf(IntakeOutcome.Gap.class);
    }

    @Test
    void a_heartbeat_may_be_repeated_with_a_later_watermark() {
        var attempt = subscribed("s1");
        record(attempt, notification("s1", "w0", status("w1")));
        assertThat(record(attempt, notification("s1", "w0", status("w2"))))
                .isEqualTo(new IntakeOutcome.HeartbeatOnly());
        assertThat(record(attempt, notification("s1", "w2", mail("m1", "w3", time()))))
                .isEqualTo(new IntakeOutcome.Stored(1, 0));
    }

    @Test
    void a_long_notification_is_stored_whole_and_recognized_as_a_repetition() {
        var attempt = subscribed("s1");
        var events = IntStream.rangeClosed(1, 1000)
                .mapToObj(i -> mail("m" + i, "w" + i, time()))
                .toArray(MailboxEvent[]::new);
        var message = notification("s1", "w0", events);
        assertThat(record(attempt, message)).isEqualTo(new IntakeOutcome.Stored(1000, 0));
        assertThat(record(attempt, message)).isEqualTo(new IntakeOutcome.Repeated(1000));
        reopenAfterPowerCut();
        assertThat(record(attempt, message)).isEqualTo(new IntakeOutcome.Repeated(1000));
        assertThat(items()).hasSize(1000).doesNotHaveDuplicates();
        assertThat(record(attempt, notification("s1", "w1000", mail("m1001", "w1001", time()))))
                .isEqualTo(new IntakeOutcome.Stored(1, 0));
        assertSequencesContiguous();
    }

    @Test
    void recognizes_a_replay_after_a_power_cut_in_the_middle_of_it() {
        var first = subscribed("s1");
        record(first, notification("s1", "w0", mail("m1", "w1", time())));
        record(first, notification("s1", "w2", mail("m3", "w3", time())));
        var second = resubscribed("s2", "w1", SubscribeReason.GAP);
        record(second, notification("s2", "w1", mail("m2", "w2", time())));
        reopenAfterPowerCut();
        assertThat(record(second, notification("s2", "w2", mail("m3", "w3", time()))))
                .isEqualTo(new IntakeOutcome.Repeated(1));
        assertThat(items()).containsExactly("m1", "m3", "m2");
        assertThat(now().watermark().orElseThrow().value()).isEqualTo(mark("w3"));
    }

    @Test
    void a_watermark_from_the_middle_of_a_replay_is_as_old_as_its_event() {
        subscribed("s1");
        clock.advance(Duration.ofHours(1));
        var missed = time();
        clock.advance(Duration.ofHours(5));
        var attempt = resubscribed("s2", "w0", SubscribeReason.SILENCE);
        record(attempt, notification("s2", "w0", mail("m1", "w1", missed)));
        assertThat(now().watermark()).contains(new StoredWatermark(mark("w1"), missed));
        reopenAfterPowerCut();
        assertThat(now().watermark()).contains(new StoredWatermark(mark("w1"), missed));
        record(attempt, notification("s2", "w1", status("w1")));
        assertThat(now().watermark()).contains(new StoredWatermark(mark("w1"), time()));
    }

    @Test
    void event_times_that_cannot_be_make_no_watermark_older_or_younger() {
        var attempt = subscribed("s1");
        var before = time();
        clock.advance(Duration.ofMinutes(1));
        record(attempt, notification("s1", "w0", mail("m1", "w1", before.minus(Duration.ofDays(9000)))));
        assertThat(now().watermark()).contains(new StoredWatermark(mark("w1"), before));
        record(attempt, notification("s1", "w1", mail("m2", "w2", time().plus(Duration.ofDays(9000)))));
        assertThat(now().watermark()).contains(new StoredWatermark(mark("w2"), time()));
    }

    @Test
    void an_overlap_ends_once_push_has_passed_it() {
        var first = subscribed("s1");
        record(first, notification("s1", "w0", mail("m1", "w1", time())));
        var second = resubscribed("s2", "w1", SubscribeReason.SILENCE);
        clock.advance(Duration.ofHours(1));
        record(second, notification("s2", "w1", mail("m2", "w2", time())));
        record(second, notification("s2", "w2", mail("m3", "w3", time())));
        // the id alone would be known; only Exchange's order shows that it is no longer a replay
        assertThat(record(second, notification("s2", "w3", mail("m2", "w4", time()))))
                .isEqualTo(new IntakeOutcome.Stored(1, 0));
    }

    @Test
    void keeps_all_that_was_acknowledged_through_a_power_cut() {
        var attempt = subscribed("s1");
        for (var i = 0; i < 50; i++) {
            record(attempt, notification("s1", "w" + i, mail("m" + i, "w" + (i + 1), time())));
        }
        var before = journal();
        reopenAfterPowerCut();
        assertThat(journal()).isEqualTo(before);
        assertThat(now().watermark().orElseThrow().value()).isEqualTo(mark("w50"));
        assertThat(now().lastHeardAt()).contains(time());
    }

    @Test
    void a_heartbeat_behind_an_event_of_the_same_batch_is_known_after_a_stop() {
        var attempt = subscribed("s1");
        record(attempt, notification("s1", "w0", mail("m1", "w1", time())));
        store.intake()
                .record(List.of(
                        callback(attempt, notification("s1", "w1", mail("m2", "w2", time()))),
                        callback(attempt, notification("s1", "w2", status("w3")))));
        reopen();
        assertThat(record(attempt, notification("s1", "w3", mail("m3", "w4", time()))))
                .isEqualTo(new IntakeOutcome.Stored(1, 0));
    }

    @Test
    void an_event_ends_the_silence_of_a_mailbox_for_good() {
        var attempt = subscribed("s1");
        record(attempt, notification("s1", "w0", mail("m1", "w1", time())));
        var next = new PendingCompensation(SubscribeReason.SILENCE, time(), false, "");
        store.subscriptions().recordLoss(ada.id(), "silent", next);
        record(attempt, notification("s1", "w1", mail("m2", "w2", time())));
        var outcome = now();
        assertThat(outcome.due()).isEmpty();
        reopenAfterPowerCut();
        assertThat(now()).isEqualTo(outcome);
    }

    @Test
    void keeps_mailboxes_apart_in_one_batch() {
        var eve = store.mailboxes().enrol(new MailboxAddress("eve@example.com"), new GroupMembership("inboxes", false));
        var ours = subscribed("s1");
        var hers = store.subscriptions().begin(eve.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        var outcomes = store.intake()
                .record(List.of(
                        callback(ours, notification("s1", "w0", mail("m1", "w1", time()))),
                        callback(hers, notification("t1", "v0", mail("m1", "v1", time()))),
                        callback(ours, notification("s1", "w1", mail("m2", "w2", time())))));
        assertThat(outcomes).containsOnly(new IntakeOutcome.Stored(1, 0));
        assertThat(journal())
                .filteredOn(event -> event.source().equals(new EventSource.OfMailbox(ada.id())))
                .extracting(JournalEvent::sequence)
                .containsExactly(1L, 2L, 3L);
        assertThat(journal())
                .filteredOn(event -> event.source().equals(new EventSource.OfMailbox(eve.id())))
                .extracting(JournalEvent::sequence)
                .containsExactly(1L, 2L);
        assertThat(journal()).extracting(JournalEvent::id).doesNotHaveDuplicates();
    }

    @Test
    void exposes_watermarks_only_if_configured() {
        var attempt = subscribed("s1");
        record(attempt, notification("s1", "w0", mail("m1", "w1", time())));
        store.mailboxes().enrol(ada.address(), new GroupMembership("inboxes", true));
        record(attempt, notification("s1", "w1", status("w2"), change(ChangeKind.MODIFIED, "m1", "w3", time())));
        var changes = journal().stream()
                .filter(event -> event.data() instanceof EventData.Change)
                .map(event -> ((EventData.Change) event.data()).protocol())
                .toList();
        assertThat(changes)
                .containsExactly(
                        Optional.empty(),
                        Optional.of(new EventData.Protocol(
                                Optional.of(subscription("s1")), Optional.of(mark("w3")), Optional.of(mark("w2")))));
    }
}
