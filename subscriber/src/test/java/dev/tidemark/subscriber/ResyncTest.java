package dev.tidemark.subscriber;

import static dev.tidemark.subscriber.SubscriberTestBed.ADA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest.SubscribePush;
import dev.tidemark.ews.message.EwsRequest.SyncFolderItems;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SyncState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResyncTest {
    @TempDir
    private Path folder;

    private SubscriberTestBed testBed;
    private FakeExchange exchange;
    private FakeFolder inbox;
    private MailboxId ada;

    @BeforeEach
    void subscribed_with_a_past_and_then_deaf() {
        testBed = SubscriberTestBed.withSubscribedMailbox(folder);
        exchange = testBed.exchange;
        inbox = exchange.folder(ADA);
        ada = testBed.idOf(ADA);
        inbox.receive("pushed");
        exchange.callBack(testBed.store);
        exchange.forgetSubscriptions();
        exchange.refuseWatermarks(true);
    }

    @AfterEach
    void close() {
        testBed.close();
    }

    @Test
    void a_refused_watermark_loses_doubles_and_digs_up_nothing() {
        testBed.clock.advance(Duration.ofHours(1));
        inbox.receive("missed");
        assertThat(subscribe())
                .isEqualTo(new SubscriptionOutcome.Resynced(new RecoveredPage.RecoveryCounts(1, 0, 0, 1)));
        inbox.receive("next");
        exchange.callBack(testBed.store);
        assertThat(testBed.messages())
                .containsExactly("message.received pushed", "message.received missed", "message.received next");
        assertThat(testBed.journal()).contains("mailbox.resync.completed");
        assertThat(testBed.mailbox(ada).state()).isEqualTo(new MailboxState.Active());
        assertThat(testBed.mailbox(ada).resyncSince()).isEmpty();
    }

    @Test
    void a_replay_that_broke_off_loses_nothing_when_its_watermark_is_refused() {
        for (var hour = 1; hour <= 3; hour++) {
            testBed.clock.advance(Duration.ofHours(1));
            inbox.receive("missed-" + hour);
        }
        testBed.clock.advance(Duration.ofHours(1));
        exchange.refuseWatermarks(false);
        subscribe();
        exchange.callBackOnce(testBed.store, 1);
        exchange.forgetSubscriptions();
        exchange.refuseWatermarks(true);
        subscribe();
        assertThat(testBed.messages())
                .containsExactly(
                        "message.received pushed",
                        "message.received missed-1",
                        "message.received missed-2",
                        "message.received missed-3");
    }

    @Test
    void mail_that_waited_for_its_database_is_news_when_it_is_delivered() {
        testBed.clock.advance(Duration.ofHours(1));
        // the database was dismounted for a day, and is mounted again now
        inbox.receive("delayed", testBed.clock.instant().minus(Duration.ofDays(1)));
        inbox.receive("prompt");
        subscribe();
        assertThat(testBed.messages())
                .containsExactly("message.received pushed", "message.received delayed", "message.received prompt");
    }

    @Test
    void news_is_decided_by_exchanges_clock_within_the_margin() {
        testBed.clock.advance(Duration.ofHours(1));
        // Exchange's clock is fourteen minutes behind ours: by it this came before the watermark was taken
        inbox.receive("behind", SubscriberTestBed.START.plus(Duration.ofDays(1)).minus(Duration.ofMinutes(14)));
        subscribe();
        assertThat(testBed.messages()).containsExactly("message.received pushed", "message.received behind");
    }

    @Test
    void the_end_reports_all_runs_of_a_resync_interrupted_twice_and_killed() {
        testBed.clock.advance(Duration.ofHours(1));
        inbox.pageSize = 1;
        IntStream.rangeClosed(1, 4).forEach(number -> inbox.receive("missed-" + number));
        stopBeforePage(4);
        assertThat(subscribe()).isInstanceOf(SubscriptionOutcome.RetryAt.class);
        assertThat(testBed.subscriber.resync(ada)).get().satisfies(progress -> {
            assertThat(progress.pages()).isEqualTo(3);
            assertThat(progress.changes()).isEqualTo(3);
            assertThat(progress.found()).isEqualTo(new RecoveredPage.RecoveryCounts(1, 0, 0, 1));
            assertThat(progress.foldersRead()).isZero();
        });
        testBed.restart();
        stopBeforePage(6);
        assertThat(testBed.subscriber.resync(ada, SubscribeReason.ERROR))
                .isInstanceOf(SubscriptionOutcome.RetryAt.class);
        assertThat(testBed.subscriber.resync(ada))
                .get()
                .satisfies(progress -> assertThat(progress.found().created()).isEqualTo(2));
        exchange.beforeRequest = () -> {};
        assertThat(testBed.subscriber.resync(ada, SubscribeReason.ERROR))
                .isEqualTo(new SubscriptionOutcome.Resynced(new RecoveredPage.RecoveryCounts(4, 0, 0, 0)));
        assertThat(testBed.subscriber.resync(ada)).isEmpty();
        assertThat(testBed.messages()).hasSize(5);
    }

    private void stopBeforePage(int number) {
        var stopped = new AtomicBoolean();
        exchange.beforeRequest = () -> {
            if (exchange.requests(SyncFolderItems.class).size() == number - 1 && !stopped.getAndSet(true)) {
                exchange.failNext(SyncFolderItems.class, FakeExchange.error("ErrorInternalServerTransientError"));
            }
        };
    }

    @Test
    void the_subscription_precedes_the_first_sync() {
        subscribe();
        assertThat(exchange.requests.subList(1, exchange.requests.size()))
                .extracting(request -> request.getClass().getSimpleName())
                .containsExactly("SubscribePush", "SubscribePush", "SyncFolderItems");
    }

    @Test
    void changes_found_by_push_and_by_sync_are_stored_once() {
        inbox.receive("missed");
        exchange.onGrant = () -> inbox.receive("both");
        exchange.beforeRequest = () -> exchange.callBack(testBed.store);
        subscribe();
        exchange.callBack(testBed.store);
        assertThat(testBed.messages())
                .containsExactlyInAnyOrder(
                        "message.received pushed", "message.received missed", "message.received both");
    }

    @Test
    void an_interrupted_resync_resumes_after_a_restart() {
        testBed.clock.advance(Duration.ofHours(1));
        inbox.pageSize = 2;
        inbox.receive("missed-1");
        inbox.receive("missed-2");
        inbox.receive("missed-3");
        exchange.beforeRequest = () -> {
            if (exchange.requests(SyncFolderItems.class).size() == 1) {
                exchange.failNext(SyncFolderItems.class, FakeExchange.error("ErrorInternalServerTransientError"));
            }
        };
        assertThat(subscribe()).isInstanceOf(SubscriptionOutcome.RetryAt.class);
        assertThat(testBed.mailbox(ada).state()).isEqualTo(new MailboxState.Resyncing());
        exchange.beforeRequest = () -> {};
        testBed.restart();
        assertThat(testBed.mailbox(ada).resyncSince()).isPresent();
        var subscribes = exchange.requests(SubscribePush.class).size();
        assertThat(testBed.subscriber.resync(ada, SubscribeReason.ERROR))
                .isInstanceOf(SubscriptionOutcome.Resynced.class);
        assertThat(exchange.requests(SubscribePush.class)).hasSize(subscribes);
        assertThat(exchange.requests(SyncFolderItems.class))
                .extracting(SyncFolderItems::state)
                .containsExactly(Optional.empty(), state("z2"), state("z2"), state("z4"));
        assertThat(testBed.messages())
                .containsExactly(
                        "message.received pushed",
                        "message.received missed-1",
                        "message.received missed-2",
                        "message.received missed-3");
    }

    @Test
    void a_second_resync_continues_from_the_state_of_the_first() {
        subscribe();
        testBed.clock.advance(Duration.ofHours(2));
        inbox.receive("later");
        subscribe();
        assertThat(exchange.requests(SyncFolderItems.class).getLast().state()).isEqualTo(state("s2"));
        assertThat(testBed.messages()).containsExactly("message.received pushed", "message.received later");
    }

    @Test
    void a_refused_sync_state_starts_from_zero_and_still_digs_up_nothing() {
        subscribe();
        testBed.clock.advance(Duration.ofHours(2));
        inbox.receive("later");
        inbox.refusesStates = true;
        assertThat(subscribe()).isInstanceOf(SubscriptionOutcome.Resynced.class);
        assertThat(testBed.messages()).containsExactly("message.received pushed", "message.received later");
    }

    @Test
    void deletions_from_a_young_state_are_announced_once() {
        subscribe();
        testBed.clock.advance(Duration.ofHours(5));
        inbox.delete("pushed");
        exchange.callBack(testBed.store);
        testBed.clock.advance(Duration.ofHours(5));
        inbox.receive("much-later");
        exchange.callBack(testBed.store);
        exchange.forgetSubscriptions();
        inbox.delete("ancient");
        assertThat(subscribe())
                .isEqualTo(new SubscriptionOutcome.Resynced(new RecoveredPage.RecoveryCounts(0, 0, 1, 2)));
        assertThat(testBed.journal().stream().filter(line -> line.startsWith("item.deleted")))
                .containsExactly("item.deleted pushed", "item.deleted ancient");
    }

    @Test
    void deletions_from_an_old_state_are_counted_but_not_announced() {
        subscribe();
        exchange.forgetSubscriptions();
        testBed.clock.advance(SubscriberTestBed.RETENTION);
        inbox.delete("ancient");
        assertThat(subscribe())
                .isEqualTo(new SubscriptionOutcome.Resynced(new RecoveredPage.RecoveryCounts(0, 0, 0, 1)));
        assertThat(testBed.journal()).noneMatch(line -> line.startsWith("item.deleted"));
    }

    @Test
    void a_page_that_is_too_much_work_is_asked_for_in_small() {
        exchange.failNext(SubscribePush.class, invalidWatermark());
        exchange.failNext(SyncFolderItems.class, FakeExchange.error("ErrorTimeoutExpired"));
        assertThat(subscribe()).isInstanceOf(SubscriptionOutcome.Resynced.class);
        assertThat(exchange.requests(SyncFolderItems.class))
                .extracting(SyncFolderItems::maxChanges)
                .containsExactly(512, 10);
    }

    @Test
    void a_folder_that_is_gone_does_not_stop_the_rest() {
        exchange.failNext(SubscribePush.class, invalidWatermark());
        exchange.failNext(
                SyncFolderItems.class, new EwsError.FolderGone(new ResponseCode("ErrorSyncFolderNotFound"), "gone"));
        assertThat(subscribe()).isEqualTo(new SubscriptionOutcome.Resynced(RecoveredPage.RecoveryCounts.NONE));
    }

    private static EwsError invalidWatermark() {
        return new EwsError.ResubscribeAndResync(new ResponseCode("ErrorInvalidWatermark"), "invalid");
    }

    private static Optional<SyncState> state(String value) {
        return Optional.of(new SyncState(value));
    }

    private SubscriptionOutcome subscribe() {
        return testBed.subscriber.subscribe(ada, SubscribeReason.SILENCE);
    }
}
