package dev.tidemark.subscriber;

import static dev.tidemark.subscriber.SubscriberTestBed.ADA;
import static dev.tidemark.subscriber.SubscriberTestBed.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest.SubscribePush;
import dev.tidemark.ews.message.EwsRequest.SyncFolderItems;
import dev.tidemark.ews.message.NameResolutions;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxSubscriberTest {
    private static final EwsError STALE =
            new EwsError.RetryAfter(new ResponseCode("ConnectionStale"), "text", Optional.empty());

    @TempDir
    private Path folder;

    private SubscriberTestBed testBed;
    private FakeExchange exchange;
    private MailboxId ada;

    @BeforeEach
    void open() {
        testBed = new SubscriberTestBed(folder, ChangeKind.NEW_MAIL);
        exchange = testBed.exchange;
        ada = testBed.enrol(ADA);
    }

    @AfterEach
    void close() {
        testBed.close();
    }

    @Test
    void a_new_mailbox_starts_now_and_says_nothing_of_its_past() {
        exchange.folder(ADA).receive("old");
        assertThat(subscribe(SubscribeReason.INITIAL)).isEqualTo(new SubscriptionOutcome.Subscribed());
        exchange.folder(ADA).receive("new");
        exchange.callBack(testBed.store);
        assertThat(testBed.journal()).containsExactly("subscription.created", "message.received new");
        assertThat(exchange.requests(SyncFolderItems.class)).isEmpty();
        assertThat(exchange.requests(SubscribePush.class).getFirst().watermark())
                .isEmpty();
    }

    @Test
    void a_lost_subscription_goes_on_from_the_watermark_and_nothing_is_lost_or_doubled() {
        subscribe(SubscribeReason.INITIAL);
        exchange.folder(ADA).receive("a");
        exchange.callBack(testBed.store);
        exchange.forgetSubscriptions();
        exchange.folder(ADA).receive("b");
        assertThat(subscribe(SubscribeReason.SILENCE)).isEqualTo(new SubscriptionOutcome.Subscribed());
        assertThat(FakeExchange.watermark(lastSubscribe())).isEqualTo(FakeFolder.watermark(1));
        exchange.callBack(testBed.store);
        assertThat(testBed.messages()).containsExactly("message.received a", "message.received b");
    }

    @Test
    void who_asked_while_exchange_was_out_of_reach_is_not_the_last_to_come_back() {
        for (var tries = 0; tries < 12; tries++) {
            exchange.failNext(SubscribePush.class, FakeExchange.error("Http503"));
            var wait = Duration.between(
                    testBed.clock.instant(), ((SubscriptionOutcome.RetryAt) subscribe(SubscribeReason.INITIAL)).at());
            assertThat(wait).isLessThanOrEqualTo(Duration.ofMinutes(1));
            testBed.clock.advance(wait);
        }
        assertThat(subscribe(SubscribeReason.INITIAL)).isEqualTo(new SubscriptionOutcome.Subscribed());
    }

    @Test
    void an_unknown_code_is_retried_and_reported_after_the_third_time() {
        var unknown = new EwsError.RetryAfter(new ResponseCode("ErrorOfTomorrow"), "Not today.", Optional.empty());
        for (var time = 1; time <= 5; time++) {
            exchange.failNext(SubscribePush.class, unknown);
            assertThat(subscribe(SubscribeReason.INITIAL)).isInstanceOf(SubscriptionOutcome.RetryAt.class);
            assertThat(testBed.mailbox(ada).lastError().orElse("")).contains("ErrorOfTomorrow: Not today.");
            assertThat(testBed.journal()).hasSize(time < 3 ? 0 : 1);
            testBed.clock.advance(Duration.ofMinutes(20));
        }

        assertThat(testBed.journal()).containsExactly("mailbox.impaired");
        assertThat(subscribe(SubscribeReason.INITIAL)).isEqualTo(new SubscriptionOutcome.Subscribed());
        assertThat(testBed.mailbox(ada).lastError()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Http503", "ConnectionBroken", "ErrorServerBusy"})
    void what_is_no_fault_of_the_mailbox_is_not_reported_for_it(String code) {
        for (var time = 1; time <= 5; time++) {
            exchange.failNext(SubscribePush.class, FakeExchange.error(code));
            subscribe(SubscribeReason.INITIAL);
            testBed.clock.advance(Duration.ofMinutes(20));
        }

        assertThat(testBed.journal()).doesNotContain("mailbox.impaired");
    }

    @Test
    void another_address_than_the_primary_one_fails_with_the_primary_one() {
        exchange.failNext(
                SubscribePush.class,
                new EwsError.PermanentForMailbox(
                        new ResponseCode("ErrorNonPrimarySmtpAddress"),
                        "The address is not the primary one. The primary address is ada@corp.example."));

        assertThat(subscribe(SubscribeReason.INITIAL)).isInstanceOf(SubscriptionOutcome.Failed.class);

        assertThat(testBed.mailbox(ada).state()).isInstanceOf(MailboxState.Failed.class);
        assertThat(testBed.mailbox(ada).lastError().orElse(""))
                .contains("ada@corp.example", "Replace the address in mailboxes");
        assertThat(testBed.journal()).containsExactly("subscription.failed");
    }

    @Test
    void a_resync_that_is_refused_again_and_again_is_reported() {
        subscribe(SubscribeReason.INITIAL);
        exchange.callBack(testBed.store);
        for (var time = 1; time <= 3; time++) {
            exchange.failNext(
                    SyncFolderItems.class,
                    new EwsError.RetryAfter(
                            new ResponseCode("HttpUnreadable"), "The answer cannot be read.", Optional.empty()));
            testBed.subscriber.resync(ada, SubscribeReason.OPERATOR);
            testBed.clock.advance(Duration.ofMinutes(20));
        }

        assertThat(testBed.journal()).contains("mailbox.impaired");
        assertThat(testBed.mailbox(ada).lastError().orElse("")).contains("HttpUnreadable");
    }

    @Test
    void a_watermark_that_moves_while_the_request_waits_for_its_turn_is_the_one_that_is_sent() throws Exception {
        subscribe(SubscribeReason.INITIAL);
        var held = new CountDownLatch(1);
        exchange.beforeRequest = () -> awaitQuietly(held);
        // one request is in progress, the other waits for the fake, and no third one has a turn
        var others = Stream.of("eve@example.com", "bob@example.com")
                .map(testBed::enrol)
                .map(other -> start(() -> testBed.subscriber.subscribe(other, SubscribeReason.INITIAL)))
                .toList();
        await().until(() -> others.stream().anyMatch(other -> other.getState() == Thread.State.BLOCKED));
        var waiting = start(() -> subscribe(SubscribeReason.CONFIG));
        await().until(() -> waiting.getState() == Thread.State.WAITING);
        exchange.folder(ADA).receive("a");
        exchange.callBack(testBed.store);
        held.countDown();
        waiting.join();
        for (var other : others) {
            other.join();
        }
        assertThat(lastFromWatermark()).isEqualTo(FakeFolder.watermark(1));
    }

    private static Thread start(Runnable work) {
        return Thread.ofPlatform().daemon().start(work);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Watermark lastFromWatermark() {
        return exchange.requests(SubscribePush.class).stream()
                .flatMap(request -> request.watermark().stream())
                .reduce((before, last) -> last)
                .orElseThrow();
    }

    @Test
    void the_older_subscription_ends_by_the_response_to_its_callback() {
        subscribe(SubscribeReason.INITIAL);
        exchange.callBack(testBed.store);
        subscribe(SubscribeReason.CONFIG);
        exchange.folder(ADA).receive("a");
        assertThat(exchange.callBack(testBed.store))
                .containsExactly(new IntakeOutcome.Superseded(), new IntakeOutcome.Stored(1, 0));
        assertThat(exchange.subscriptionCount()).isOne();
    }

    @Test
    void a_lost_answer_is_retried_with_a_new_attempt_from_the_same_watermark() {
        subscribe(SubscribeReason.INITIAL);
        exchange.callBack(testBed.store);
        exchange.loseResponses(true);
        assertThat(subscribe(SubscribeReason.GAP)).isInstanceOf(SubscriptionOutcome.RetryAt.class);
        exchange.loseResponses(false);
        assertThat(testBed.mailbox(ada).due().orElseThrow().reason()).isEqualTo(SubscribeReason.GAP);
        assertThat(subscribe(SubscribeReason.GAP)).isEqualTo(new SubscriptionOutcome.Subscribed());
        assertThat(exchange.requests(SubscribePush.class))
                .extracting(SubscribePush::url)
                .doesNotHaveDuplicates();
        assertThat(FakeExchange.watermark(lastSubscribe())).isEqualTo(FakeFolder.watermark(0));
        assertThat(testBed.mailbox(ada).due()).isEmpty();
        assertThat(testBed.mailbox(ada).failuresFromWatermark()).isZero();
    }

    @Test
    void a_subscribe_that_met_a_closed_connection_is_a_new_attempt_at_once_and_no_failure() {
        subscribe(SubscribeReason.INITIAL);
        exchange.callBack(testBed.store);
        exchange.failNext(SubscribePush.class, STALE);
        var before = exchange.requests(SubscribePush.class).size();
        assertThat(subscribe(SubscribeReason.GAP)).isEqualTo(new SubscriptionOutcome.Subscribed());
        assertThat(exchange.requests(SubscribePush.class)).hasSize(before + 2);
        assertThat(exchange.requests(SubscribePush.class))
                .extracting(SubscribePush::url)
                .doesNotHaveDuplicates();
        assertThat(exchange.onNewConnections).containsExactly("SubscribePush");
        assertThat(FakeExchange.watermark(lastSubscribe())).isEqualTo(FakeFolder.watermark(0));
        assertThat(testBed.mailbox(ada).due()).isEmpty();
        assertThat(testBed.mailbox(ada).lastError()).isEmpty();
        assertThat(testBed.mailbox(ada).failuresFromWatermark()).isZero();
        assertThat(testBed.subscriber.budgets().get("onprem").refused()).isZero();
    }

    @Test
    void a_subscribe_that_fails_on_the_new_connection_waits_as_ever() {
        exchange.failNext(SubscribePush.class, STALE);
        exchange.failNext(
                SubscribePush.class,
                new EwsError.RetryAfter(new ResponseCode("ConnectionBroken"), "text", Optional.empty()));
        assertThat(subscribe(SubscribeReason.INITIAL)).isInstanceOf(SubscriptionOutcome.RetryAt.class);
        assertThat(exchange.requests(SubscribePush.class)).hasSize(2);
    }

    /// Exchange may have granted the request on the closed connection.
    @Test
    void mail_of_the_attempt_that_met_a_closed_connection_is_found_again() {
        exchange.folder(ADA).receive("old");
        testBed.clock.advance(Duration.ofSeconds(1));
        exchange.failNext(SubscribePush.class, STALE);
        exchange.onGrant = () -> exchange.folder(ADA).receive("between");
        assertThat(subscribe(SubscribeReason.INITIAL)).isInstanceOf(SubscriptionOutcome.Resynced.class);
        assertThat(testBed.messages()).containsExactly("message.received between");
    }

    @Test
    void an_attempt_that_called_back_before_its_answer_was_lost_is_granted() {
        exchange.loseResponses(true);
        exchange.folder(ADA).receive("before");
        exchange.onGrant = () -> {
            exchange.folder(ADA).receive("a");
            exchange.callBack(testBed.store);
        };
        assertThat(subscribe(SubscribeReason.INITIAL)).isEqualTo(new SubscriptionOutcome.Subscribed());
        assertThat(testBed.journal()).containsExactly("subscription.created", "message.received a");
        assertThat(testBed.mailbox(ada).state()).isEqualTo(new MailboxState.Active());
    }

    @Test
    void mail_that_only_an_unknown_subscription_reported_is_found_again() {
        exchange.folder(ADA).receive("old");
        testBed.clock.advance(Duration.ofSeconds(1));
        exchange.loseResponses(true);
        assertThat(subscribe(SubscribeReason.INITIAL)).isInstanceOf(SubscriptionOutcome.RetryAt.class);
        exchange.loseResponses(false);
        exchange.folder(ADA).receive("between");
        assertThat(subscribe(SubscribeReason.INITIAL)).isInstanceOf(SubscriptionOutcome.Resynced.class);
        exchange.callBack(testBed.store);
        assertThat(testBed.messages()).containsExactly("message.received between");
    }

    @Test
    void a_watermark_that_failed_twice_is_not_tried_a_third_time() {
        subscribe(SubscribeReason.INITIAL);
        exchange.callBack(testBed.store);
        for (var i = 0; i < 2; i++) {
            exchange.failNext(
                    SubscribePush.class,
                    new EwsError.ResubscribeFromWatermark(new ResponseCode("ErrorReadEventsFailed"), "text"));
            assertThat(subscribe(SubscribeReason.ERROR)).isInstanceOf(SubscriptionOutcome.RetryAt.class);
        }
        exchange.folder(ADA).receive("a");
        assertThat(subscribe(SubscribeReason.ERROR)).isInstanceOf(SubscriptionOutcome.Resynced.class);
        assertThat(lastSubscribe().watermark()).isEmpty();
        assertThat(testBed.messages()).containsExactly("message.received a");
    }

    @Test
    void a_watermark_past_its_lifetime_is_not_tried() {
        subscribe(SubscribeReason.INITIAL);
        exchange.callBack(testBed.store);
        testBed.clock.advance(SubscriberTestBed.LIFETIME.plusSeconds(1));
        assertThat(subscribe(SubscribeReason.SILENCE)).isInstanceOf(SubscriptionOutcome.Resynced.class);
        assertThat(lastSubscribe().watermark()).isEmpty();
    }

    @Test
    void a_mailbox_on_another_server_is_retried_and_then_failed_with_a_remedy() {
        var elsewhere = new EwsError.Rediscover(new ResponseCode("ErrorProxyRequestNotAllowed"), "Not here");
        var waited = Duration.ZERO;
        for (var i = 0; i < 9; i++) {
            exchange.failNext(SubscribePush.class, elsewhere);
            var retry = (SubscriptionOutcome.RetryAt) subscribe(SubscribeReason.INITIAL);
            waited = waited.plus(Duration.between(testBed.clock.instant(), retry.at()));
            testBed.clock.advance(Duration.between(testBed.clock.instant(), retry.at()));
        }
        // the front ends may need this long to learn of a move
        assertThat(waited).isBetween(Duration.ofMinutes(12), Duration.ofMinutes(22));
        exchange.failNext(SubscribePush.class, elsewhere);
        assertThat(subscribe(SubscribeReason.INITIAL))
                .isInstanceOfSatisfying(
                        SubscriptionOutcome.Failed.class,
                        failed -> assertThat(failed.text())
                                .startsWith("Not here. Another address serves this mailbox")
                                .contains("autodiscover"));
        assertThat(testBed.journal()).containsExactly("subscription.failed");
    }

    @Test
    void a_permanent_error_gives_the_mailbox_up_and_says_so() {
        var denied = new EwsError.PermanentForMailbox(new ResponseCode("ErrorThatStays"), "No.");
        exchange.failNext(SubscribePush.class, denied);
        assertThat(subscribe(SubscribeReason.INITIAL))
                .isEqualTo(new SubscriptionOutcome.Failed(
                        "ErrorThatStays", "No.", SubscriptionOutcome.FailureScope.MAILBOX));
        assertThat(testBed.journal()).containsExactly("subscription.failed");
        assertThat(testBed.mailbox(ada).state()).isInstanceOf(MailboxState.Failed.class);
    }

    @Test
    void a_refusal_for_good_says_what_to_do() {
        var denied = new EwsError.PermanentForMailbox(
                new ResponseCode("ErrorImpersonateUserDenied"), "The account may not impersonate the user");
        exchange.failNext(SubscribePush.class, denied);
        assertThat(subscribe(SubscribeReason.INITIAL))
                .isInstanceOfSatisfying(
                        SubscriptionOutcome.Failed.class,
                        failed -> assertThat(failed.text())
                                .isEqualTo("The account may not impersonate the user. Give the connection's account the"
                                        + " ApplicationImpersonation role, with a scope that covers this mailbox."));
    }

    @Test
    void a_distribution_group_is_called_by_its_name() {
        subscribe(SubscribeReason.INITIAL);
        var all = testBed.enrol("all@example.com");
        exchange.directory.add(new NameResolutions.Candidate(
                Optional.of("All"), "all@example.com", Optional.of("SMTP"), Optional.of("PublicDL")));
        exchange.failNext(
                SubscribePush.class,
                new EwsError.PermanentForMailbox(new ResponseCode("ErrorNonExistentMailbox"), "No mailbox."));
        assertThat(testBed.subscriber.subscribe(all, SubscribeReason.INITIAL))
                .isEqualTo(new SubscriptionOutcome.Failed(
                        "MailboxIsDistributionGroup",
                        "all@example.com is a distribution group, which has no mailbox to subscribe; name the"
                                + " mailboxes that are meant.",
                        SubscriptionOutcome.FailureScope.MAILBOX));
    }

    @Test
    void an_internal_error_that_does_not_pass_is_given_up() {
        for (var i = 0; i < 7; i++) {
            exchange.failNext(SubscribePush.class, FakeExchange.error("ErrorInternalServerError"));
            assertThat(subscribe(SubscribeReason.INITIAL)).isInstanceOf(SubscriptionOutcome.RetryAt.class);
            testBed.clock.advance(Duration.ofMinutes(15));
        }
        exchange.failNext(SubscribePush.class, FakeExchange.error("ErrorInternalServerError"));
        assertThat(subscribe(SubscribeReason.INITIAL)).isInstanceOf(SubscriptionOutcome.Failed.class);
    }

    @Test
    void busy_holds_the_mailbox_for_as_long_as_exchange_says_and_no_other() {
        exchange.failNext(
                SubscribePush.class,
                new EwsError.RetryAfter(
                        new ResponseCode("ErrorServerBusy"), "busy", Optional.of(Duration.ofSeconds(100))));
        assertThat(subscribe(SubscribeReason.INITIAL))
                .isEqualTo(new SubscriptionOutcome.RetryAt(START.plusSeconds(110), "ErrorServerBusy", "busy"));
        var eve = testBed.enrol("eve@example.com");
        assertThat(testBed.subscriber.subscribe(eve, SubscribeReason.INITIAL))
                .isEqualTo(new SubscriptionOutcome.Subscribed());
    }

    @Test
    void a_front_end_that_is_overrun_holds_the_whole_connection() {
        exchange.failNext(SubscribePush.class, FakeExchange.error("Http503"));
        assertThat(subscribe(SubscribeReason.INITIAL)).isInstanceOf(SubscriptionOutcome.RetryAt.class);
        var eve = testBed.enrol("eve@example.com");
        assertThat(testBed.subscriber.subscribe(eve, SubscribeReason.INITIAL))
                .isEqualTo(new SubscriptionOutcome.RetryAt(
                        START.plusSeconds(2), "ConnectionPaused", "The connection or mailbox backs off until then"));
        assertThat(exchange.requests).hasSize(1);
        testBed.clock.advance(Duration.ofSeconds(2));
        assertThat(testBed.subscriber.subscribe(eve, SubscribeReason.INITIAL))
                .isEqualTo(new SubscriptionOutcome.Subscribed());
    }

    @Test
    void failures_in_a_row_wait_longer_each_time() {
        for (var seconds : new int[] {2, 4, 8}) {
            exchange.failNext(SubscribePush.class, FakeExchange.error("ErrorInternalServerTransientError"));
            assertThat(subscribe(SubscribeReason.INITIAL))
                    .isInstanceOfSatisfying(
                            SubscriptionOutcome.RetryAt.class,
                            retry -> assertThat(retry.at()).isEqualTo(START.plusSeconds(seconds)));
        }
    }

    @Test
    void too_many_subscriptions_wait_until_the_dead_ones_are_gone() {
        exchange.failNext(SubscribePush.class, FakeExchange.error("ErrorExceededSubscriptionCount"));
        assertThat(subscribe(SubscribeReason.INITIAL))
                .isInstanceOfSatisfying(
                        SubscriptionOutcome.RetryAt.class,
                        retry -> assertThat(retry.at()).isAfterOrEqualTo(START.plus(Duration.ofMinutes(10))));
    }

    @Test
    void a_resync_that_is_asked_for_subscribes_without_the_watermark() {
        subscribe(SubscribeReason.INITIAL);
        exchange.callBack(testBed.store);
        testBed.store
                .subscriptions()
                .scheduleCompensation(ada, new PendingCompensation(SubscribeReason.OPERATOR, START, true, "asked"));
        assertThat(subscribe(SubscribeReason.OPERATOR)).isInstanceOf(SubscriptionOutcome.Resynced.class);
        assertThat(lastSubscribe().watermark()).isEmpty();
        assertThat(testBed.mailbox(ada).due()).isEmpty();
    }

    @Test
    void paused_removed_and_stopped_means_that_nothing_is_sent() {
        testBed.store.mailboxes().pause(ada);
        assertThat(subscribe(SubscribeReason.INITIAL)).isInstanceOf(SubscriptionOutcome.Skipped.class);
        testBed.store.mailboxes().resume(ada);
        testBed.subscriber.stop();
        assertThat(subscribe(SubscribeReason.INITIAL)).isInstanceOf(SubscriptionOutcome.Skipped.class);
        testBed.store.mailboxes().remove(ada);
        assertThat(subscribe(SubscribeReason.INITIAL)).isInstanceOf(SubscriptionOutcome.Skipped.class);
        assertThat(exchange.requests).isEmpty();
    }

    @Test
    void an_attempt_cut_short_by_our_own_end_stays_and_counts_if_it_calls_back() {
        exchange.failNext(SubscribePush.class, FakeExchange.error("ConnectionClosed"));
        assertThat(subscribe(SubscribeReason.INITIAL)).isInstanceOf(SubscriptionOutcome.Skipped.class);
        assertThat(testBed.mailbox(ada).pending()).isPresent();
    }

    private SubscriptionOutcome subscribe(SubscribeReason reason) {
        return testBed.subscriber.subscribe(ada, reason);
    }

    private SubscribePush lastSubscribe() {
        return exchange.requests(SubscribePush.class).getLast();
    }
}
