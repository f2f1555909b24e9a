package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests the rows of the table that depend on the store, with a real store.
class RealStoreTest {
    @TempDir
    private Path folder;

    private WatermarkStore store;
    private RunningListener running;
    private MailboxId ada;

    @BeforeEach
    void open() {
        var url = "jdbc:h2:file:" + folder.resolve("tidemark");
        var config = new StoreConfig(url, "sa", "", "gw1", true, 0, Duration.ofMinutes(15));
        store = StoreFactory.open(config, Clock.fixed(RunningListener.NOW, ZoneOffset.UTC));
        running = new RunningListener(store);
        ada = enrol("ada@example.com");
    }

    @AfterEach
    void close() {
        running.close();
        store.close();
    }

    @Test
    void what_is_acknowledged_is_in_the_journal() {
        var attempt = subscribed(ada);
        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMail("w0", "w1", "item-1")));
        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMail("w1", "w2", "item-2")));
        assertThat(received()).hasSize(2).extracting(JournalEvent::sequence).isSorted();
        assertThat(watermark()).hasValue("w2");
    }

    @Test
    void the_same_notification_again_is_ok_and_no_second_event() {
        var attempt = subscribed(ada);
        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMail("w0", "w1", "item-1")));
        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMail("w0", "w1", "item-1")));
        assertThat(received()).hasSize(1);
        assertThat(running.listener.counters().duplicates()).isEqualTo(1);
        assertThat(running.triggers).isEmpty();
    }

    @Test
    void a_notification_may_come_before_the_answer_to_subscribe() {
        var attempt = store.subscriptions().begin(ada, SubscribeReason.INITIAL, "print", Optional.empty());
        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMail("w0", "w1", "item-1")));
        assertThat(received()).hasSize(1);
    }

    @Test
    void a_gap_is_stored_and_answered_ok_and_the_watermark_stays() {
        var attempt = subscribed(ada);
        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMail("w0", "w1", "item-1")));
        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMail("w7", "w8", "item-8")));
        assertThat(received()).hasSize(2);
        assertThat(watermark()).hasValue("w1");
        Awaitility.await().until(() -> running.triggers.equals(List.of(ada)));
        assertThat(running.listener.counters().gaps()).isEqualTo(1);
    }

    @Test
    void an_error_callback_is_answered_ok_and_has_a_pending_compensation() {
        var attempt = subscribed(ada);
        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.error("ErrorMissedNotificationEvents")));
        Awaitility.await().until(() -> running.triggers.equals(List.of(ada)));
        assertThat(store.mailboxes().find(ada).orElseThrow().due()).hasValueSatisfying(due -> {
            assertThat(due.reason()).isEqualTo(SubscribeReason.ERROR);
            assertThat(due.resync()).isTrue();
        });
    }

    @Test
    void a_heartbeat_moves_the_watermark() {
        var attempt = subscribed(ada);
        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.heartbeat("w0", "w5")));
        assertThat(watermark()).hasValue("w5");
        assertThat(received()).isEmpty();
    }

    @Test
    void attempts_that_do_not_count_get_unsubscribe() {
        var first = subscribed(ada);
        var second = subscribed(ada);
        assertUnsubscribe(running.post(RunningListener.path(first), CallbackBodies.newMail("w0", "w1", "item-1")));
        assertUnsubscribe(running.post(
                RunningListener.path(new AttemptId(new MailboxId("mbx_aaaaaaaaaaaaaaaa"), 1)),
                CallbackBodies.newMail("w0", "w1", "item-1")));
        store.mailboxes().pause(ada);
        assertUnsubscribe(running.post(RunningListener.path(second), CallbackBodies.newMail("w0", "w1", "item-1")));
        assertThat(received()).isEmpty();
        assertThat(running.listener.counters().unsubscribed()).isEqualTo(3);
    }

    @Test
    void an_event_without_an_item_costs_no_other() {
        var attempt = subscribed(ada);

        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMails("w0", "a", "b", "", "c", "d")));

        assertThat(received()).hasSize(4);
        assertThat(watermark()).hasValue("w-d");
        assertThat(mailbox().lastError()).isEmpty();
        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMail("w-d", "w9", "e")));
        assertThat(running.listener.counters().gaps()).isZero();
    }

    @Test
    void a_notification_of_unreadable_events_only_keeps_its_watermark() {
        var attempt = subscribed(ada);

        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMails("w0", "", "")));

        assertThat(received()).isEmpty();
        assertThat(watermark()).hasValue("w-");
        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMail("w-", "w9", "e")));
        assertThat(received()).hasSize(1);
        assertThat(running.listener.counters().gaps()).isZero();
    }

    @Test
    void a_forbidden_character_costs_nothing() {
        var attempt = subscribed(ada);

        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMails("w0", "a", "b&#x1F;", "c\u0001")));

        assertThat(received()).hasSize(3);
    }

    @Test
    void events_that_are_passed_over_again_and_again_are_reported_once() {
        var attempt = subscribed(ada);

        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMails("w0", "a", "")));
        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMails("w-", "b", "")));
        assertThat(mailbox().lastError()).isEmpty();
        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMails("w-", "c", "")));
        assertThat(mailbox().lastError().orElse("")).contains("3 callbacks in a row", "passed over");
        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMails("w-", "d", "")));
        assertThat(mailbox().lastError().orElse("")).contains("4 callbacks in a row");

        assertThat(events("mailbox.impaired")).hasSize(1);
        assertThat(received()).hasSize(4);
        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMail("w-", "w9", "e")));
        assertThat(mailbox().lastError()).isEmpty();
    }

    @Test
    void callbacks_that_are_refused_again_and_again_count_as_lost() {
        var attempt = subscribed(ada);
        assertOk(running.post(RunningListener.path(attempt), CallbackBodies.newMail("w0", "w1", "a")));

        for (var time = 1; time <= 2; time++) {
            assertThat(running.post(RunningListener.path(attempt), "<html/>").statusCode())
                    .isEqualTo(400);
        }
        assertThat(mailbox().state()).isInstanceOf(MailboxState.Active.class);
        for (var time = 3; time <= 5; time++) {
            assertThat(running.post(RunningListener.path(attempt), "<html/>").statusCode())
                    .isEqualTo(400);
        }

        Awaitility.await().until(() -> running.triggers.equals(List.of(ada)));
        assertThat(mailbox().state()).isInstanceOf(MailboxState.Silent.class);
        assertThat(mailbox().lastError().orElse("")).contains("3 callbacks in a row were refused", "envelope");
        assertThat(mailbox().due()).hasValueSatisfying(due -> {
            assertThat(due.reason()).isEqualTo(SubscribeReason.SILENCE);
            assertThat(due.resync()).isTrue();
        });
        assertThat(events("subscription.lost")).hasSize(1);
    }

    @Test
    void callbacks_that_are_refused_now_and_then_are_no_loss() {
        var attempt = subscribed(ada);

        for (var time = 0; time < 4; time++) {
            running.post(RunningListener.path(attempt), "<html/>");
            running.post(RunningListener.path(attempt), "<html/>");
            assertOk(running.post(
                    RunningListener.path(attempt), CallbackBodies.newMail("w" + time, "w" + (time + 1), "i" + time)));
        }

        assertThat(mailbox().state()).isInstanceOf(MailboxState.Active.class);
        assertThat(mailbox().lastError()).isEmpty();
    }

    @Test
    void refused_callbacks_of_an_older_attempt_do_not_count() {
        var first = subscribed(ada);
        subscribed(ada);

        for (var time = 0; time < 5; time++) {
            running.post(RunningListener.path(first), "<html/>");
        }

        assertThat(mailbox().lastError()).isEmpty();
        assertThat(events("subscription.lost")).isEmpty();
    }

    @Test
    void many_mailboxes_at_once_keep_their_sequences_whole() {
        var attempts = IntStream.range(0, 8)
                .mapToObj(i -> subscribed(enrol("user" + i + "@example.com")))
                .toList();
        attempts.stream().map(attempt -> chain(attempt, 25)).toList().forEach(CompletableFuture::join);
        assertThat(received()).hasSize(8 * 25);
        assertThat(running.listener.counters().acknowledged()).isEqualTo(8 * 25);
        assertThat(running.listener.counters().gaps()).isZero();
        assertThat(running.listener.counters().faults()).isZero();
    }

    private CompletableFuture<?> chain(AttemptId attempt, int length) {
        CompletableFuture<?> last = CompletableFuture.completedFuture("");
        for (int i = 0; i < length; i++) {
            var body = CallbackBodies.newMail("w" + i, "w" + (i + 1), "item-" + i);
            last = last.thenCompose(ignored -> running.postLater(attempt, body));
        }
        return last;
    }

    private MailboxId enrol(String address) {
        return store.mailboxes()
                .enrol(new MailboxAddress(address), new GroupMembership("inboxes", false))
                .id();
    }

    private AttemptId subscribed(MailboxId mailbox) {
        var attempt = store.subscriptions().begin(mailbox, SubscribeReason.INITIAL, "print", Optional.empty());
        var response = new SubscribeResult(new SubscriptionId("sub-1"), Optional.of(new Watermark("w0")));
        store.subscriptions().confirm(attempt, response, Optional.empty());
        return attempt;
    }

    private List<JournalEvent> received() {
        return events("mailbox.message.received");
    }

    private List<JournalEvent> events(String type) {
        return store.journal().read(JournalPosition.START, 10_000).stream()
                .filter(event -> event.type().equals(type))
                .toList();
    }

    private Mailbox mailbox() {
        return store.mailboxes().find(ada).orElseThrow();
    }

    private Optional<String> watermark() {
        return store.mailboxes()
                .find(ada)
                .orElseThrow()
                .watermark()
                .map(stored -> stored.value().value());
    }

    private static void assertOk(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("SubscriptionStatus>OK<");
    }

    private static void assertUnsubscribe(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("SubscriptionStatus>Unsubscribe<");
    }
}
