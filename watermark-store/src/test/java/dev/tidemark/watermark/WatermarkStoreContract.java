package dev.tidemark.watermark;

import static dev.tidemark.watermark.Exchange.body;
import static dev.tidemark.watermark.Exchange.failure;
import static dev.tidemark.watermark.Exchange.mail;
import static dev.tidemark.watermark.Exchange.mark;
import static dev.tidemark.watermark.Exchange.notification;
import static dev.tidemark.watermark.Exchange.status;
import static dev.tidemark.watermark.Exchange.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.MailboxAddress;
import dev.tidemark.ews.NotificationMessage;
import dev.tidemark.ews.Subscribed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every store must do with call-backs.
abstract class WatermarkStoreContract {
    final SettableClock clock = new SettableClock();
    WatermarkStore store;
    Mailbox ada;

    /// Opens the store of this test, for the first time or again.
    abstract WatermarkStore open();

    /// Ends the store's use as a power cut would.
    abstract void cut();

    @BeforeEach
    void begin() {
        store = open();
        ada = store.mailboxes().enrol(new MailboxAddress("ada@example.com"), new Membership("inboxes", false));
    }

    @AfterEach
    void end() {
        store.close();
    }

    void reopen() {
        store.close();
        store = open();
    }

    void reopenAfterPowerCut() {
        cut();
        store = open();
    }

    Mailbox now() {
        return store.mailboxes().find(ada.id()).orElseThrow();
    }

    Instant time() {
        return clock.instant();
    }

    /// A live attempt that started at watermark w0, its subscription being named `name`.
    AttemptId subscribed(String name) {
        var attempt = store.subscriptions().begin(ada.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        store.subscriptions()
                .confirm(attempt, new Subscribed(subscription(name), Optional.of(mark("w0"))), Optional.empty());
        return attempt;
    }

    AttemptId resubscribed(String name, String from, SubscribeReason reason) {
        var attempt = store.subscriptions().begin(ada.id(), reason, "print", Optional.of(mark(from)));
        store.subscriptions()
                .confirm(attempt, new Subscribed(subscription(name), Optional.of(mark(from))), Optional.empty());
        return attempt;
    }

    Receipt record(AttemptId attempt, NotificationMessage... messages) {
        return store.intake().record(List.of(callback(attempt, messages))).getFirst();
    }

    Callback callback(AttemptId attempt, NotificationMessage... messages) {
        return new Callback(attempt, body(messages), time(), "192.0.2.1");
    }

    List<JournalEvent> journal() {
        return store.journal().read(Position.START, 10_000);
    }

    List<String> types() {
        return journal().stream().map(JournalEvent::type).toList();
    }

    List<String> items() {
        return journal().stream()
                .filter(event -> event.data() instanceof EventData.Change)
                .map(event -> ((EventData.Change) event.data()).target().id())
                .toList();
    }

    void assertSequencesContiguous() {
        assertThat(journal())
                .filteredOn(event -> event.source() instanceof EventSource.OfMailbox)
                .extracting(JournalEvent::sequence)
                .isEqualTo(LongStream.rangeClosed(1, journal().size()).boxed().toList());
    }

    @Test
    void stores_a_notification_and_moves_the_watermark() {
        var attempt = subscribed("s1");
        assertThat(record(attempt, notification("s1", "w0", mail("m1", "w1", time()))))
                .isEqualTo(new Receipt.Stored(1, 0));
        assertThat(now().watermark().orElseThrow().value()).isEqualTo(mark("w1"));
        assertThat(types()).containsExactly("subscription.created", "mailbox.message.received");
        assertSequencesContiguous();
    }

    @Test
    void takes_the_same_notification_once() {
        var attempt = subscribed("s1");
        var message = notification("s1", "w0", mail("m1", "w1", time()), mail("m2", "w2", time()));
        record(attempt, message);
        assertThat(record(attempt, message)).isEqualTo(new Receipt.Repeated(2));
        assertThat(items()).containsExactly("m1", "m2");
        assertThat(now().due()).isEmpty();
    }

    @Test
    void takes_the_same_notification_once_within_a_batch() {
        var attempt = subscribed("s1");
        var message = notification("s1", "w0", mail("m1", "w1", time()));
        var receipts = store.intake()
                .record(List.of(
                        callback(attempt, message),
                        callback(attempt, message),
                        callback(attempt, notification("s1", "w1", mail("m2", "w2", time())))));
        assertThat(receipts)
                .containsExactly(new Receipt.Stored(1, 0), new Receipt.Repeated(1), new Receipt.Stored(1, 0));
        assertThat(items()).containsExactly("m1", "m2");
    }

    @Test
    void takes_the_same_notification_once_after_a_power_cut() {
        var attempt = subscribed("s1");
        var message = notification("s1", "w0", mail("m1", "w1", time()));
        record(attempt, message);
        reopenAfterPowerCut();
        assertThat(store.instance().stoppedCleanly()).isFalse();
        assertThat(record(attempt, message)).isEqualTo(new Receipt.Repeated(1));
        assertThat(record(attempt, notification("s1", "w1", mail("m2", "w2", time()))))
                .isEqualTo(new Receipt.Stored(1, 0));
        assertThat(items()).containsExactly("m1", "m2");
        assertSequencesContiguous();
    }

    @Test
    void reports_a_gap_keeps_its_events_and_leaves_the_watermark() {
        var attempt = subscribed("s1");
        record(attempt, notification("s1", "w0", mail("m1", "w1", time())));
        assertThat(record(attempt, notification("s1", "w2", mail("m3", "w3", time()))))
                .isEqualTo(new Receipt.Gap(1, 0, true));
        assertThat(now().watermark().orElseThrow().value()).isEqualTo(mark("w1"));
        assertThat(now().due().orElseThrow())
                .extracting(Compensation::reason, Compensation::notBefore, Compensation::resync)
                .containsExactly(SubscribeReason.GAP, time(), false);
        assertThat(types()).endsWith("mailbox.gap.detected", "mailbox.message.received");
        assertThat(record(attempt, notification("s1", "w3", mail("m4", "w4", time()))))
                .isEqualTo(new Receipt.Gap(1, 0, false));
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
                .isEqualTo(new Receipt.Stored(1, 2));
        assertThat(items()).containsExactly("m1", "m3", "m4", "m2");
        assertThat(now().watermark().orElseThrow().value()).isEqualTo(mark("w4"));
        assertThat(now().due()).isEmpty();
        assertSequencesContiguous();
    }

    @Test
    void tells_a_replaced_attempt_to_stop() {
        var first = subscribed("s1");
        resubscribed("s2", "w0", SubscribeReason.SILENCE);
        assertThat(record(first, notification("s1", "w0", mail("m1", "w1", time()))))
                .isEqualTo(new Receipt.Superseded());
        assertThat(items()).isEmpty();
    }

    @Test
    void tells_another_subscription_of_the_same_attempt_to_stop() {
        var attempt = subscribed("s1");
        assertThat(record(attempt, notification("s9", "w0", mail("m1", "w1", time()))))
                .isEqualTo(new Receipt.Superseded());
    }

    @Test
    void a_call_back_that_overtakes_the_answer_makes_the_attempt_live_and_announces_it_once() {
        var attempt = store.subscriptions().begin(ada.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        assertThat(record(attempt, notification("s1", "w0", mail("m1", "w1", time()))))
                .isEqualTo(new Receipt.Stored(1, 0));
        assertThat(now().live()).contains(attempt);
        var answer = new Subscribed(subscription("s1"), Optional.of(mark("w0")));
        assertThat(store.subscriptions().confirm(attempt, answer, Optional.empty()))
                .isTrue();
        assertThat(types()).containsExactly("subscription.created", "mailbox.message.received");
        assertThat(now().watermark().orElseThrow().value()).isEqualTo(mark("w1"));
        assertThat(record(attempt, notification("s1", "w1", mail("m2", "w2", time()))))
                .isEqualTo(new Receipt.Stored(1, 0));
    }

    @Test
    void an_error_call_back_leaves_a_compensation_owed_even_after_a_power_cut() {
        var attempt = subscribed("s1");
        assertThat(record(attempt, failure("ErrorMissedNotificationEvents")))
                .isEqualTo(new Receipt.Ended("ErrorMissedNotificationEvents"));
        reopenAfterPowerCut();
        assertThat(now().due().orElseThrow())
                .extracting(Compensation::reason, Compensation::resync)
                .containsExactly(SubscribeReason.ERROR, true);
    }

    @Test
    void a_heartbeat_moves_the_watermark_and_the_time_and_journals_nothing() {
        var attempt = subscribed("s1");
        clock.forward(Duration.ofMinutes(1));
        assertThat(record(attempt, notification("s1", "w0", status("w7")))).isEqualTo(new Receipt.Heard());
        assertThat(now().watermark().orElseThrow()).isEqualTo(new StoredWatermark(mark("w7"), time()));
        assertThat(now().lastHeardAt()).contains(time());
        assertThat(types()).containsExactly("subscription.created");
        reopen();
        assertThat(now().watermark().orElseThrow().value()).isEqualTo(mark("w7"));
        assertThat(record(attempt, notification("s1", "w7", mail("m1", "w8", time()))))
                .isEqualTo(new Receipt.Stored(1, 0));
    }

    @Test
    void does_not_report_the_first_mismatch_after_a_power_cut() {
        var attempt = subscribed("s1");
        record(attempt, notification("s1", "w0", mail("m1", "w1", time())));
        reopenAfterPowerCut();
        assertThat(record(attempt, notification("s1", "w5", mail("m2", "w6", time()))))
                .isEqualTo(new Receipt.Gap(1, 0, false));
        assertThat(types()).doesNotContain("mailbox.gap.detected");
        assertThat(now().due()).isPresent();
    }
}
