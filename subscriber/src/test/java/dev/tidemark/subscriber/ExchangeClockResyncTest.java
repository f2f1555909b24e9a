package dev.tidemark.subscriber;

import static dev.tidemark.subscriber.SubscriberTestBed.ADA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.EwsRequest.SyncFolderItems;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.values.ChangeKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks resyncs with an Exchange whose clock differs: changes in between are announced, older mail is not.
class ExchangeClockResyncTest {
    private static final Duration BEHIND = Duration.ofHours(-3);
    private static final Duration AHEAD = Duration.ofHours(3);

    @TempDir
    private Path folder;

    private SubscriberTestBed testBed;
    private FakeExchange exchange;
    private FakeFolder inbox;

    @BeforeEach
    void open() {
        testBed = new SubscriberTestBed(folder, ChangeKind.NEW_MAIL, ChangeKind.DELETED);
        exchange = testBed.exchange;
        inbox = exchange.folder(ADA);
    }

    @AfterEach
    void close() {
        testBed.close();
    }

    /// Adds a mail from an hour before, which is never news, and one that push has reported.
    private MailboxId subscribedThenDeaf(Duration ahead) {
        exchange.ahead = ahead;
        var ada = testBed.enrol(ADA);
        inbox.receive("ancient");
        later(Duration.ofHours(1));
        testBed.subscriber.subscribe(ada, SubscribeReason.INITIAL);
        inbox.receive("pushed");
        exchange.callBack(testBed.store);
        later(Duration.ofMinutes(5));
        exchange.forgetSubscriptions();
        exchange.refuseWatermarks(true);
        return ada;
    }

    private void later(Duration by) {
        testBed.clock.advance(by);
    }

    private void receive(String... mails) {
        for (var mail : mails) {
            later(Duration.ofMinutes(1));
            inbox.receive(mail);
        }
    }

    private void assertAnnounced(String... mails) {
        assertThat(testBed.messages())
                .containsExactlyElementsOf(List.of(mails).stream()
                        .map(mail -> "message.received " + mail)
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-P10D", "-PT3H", "-PT16M", "-PT0.7S", "PT0S", "PT40S", "PT3H", "P10D"})
    void what_came_meanwhile_is_announced_whatever_exchanges_clock_says(Duration ahead) {
        var ada = subscribedThenDeaf(ahead);
        receive("one", "two", "three");
        testBed.subscriber.subscribe(ada, SubscribeReason.SILENCE);
        assertAnnounced("pushed", "one", "two", "three");
    }

    @Test
    void a_replay_that_broke_off_loses_nothing_though_exchanges_clock_is_ahead() {
        var ada = subscribedThenDeaf(AHEAD);
        for (var mail : List.of("one", "two", "three")) {
            later(Duration.ofHours(1));
            inbox.receive(mail);
        }
        later(Duration.ofHours(1));
        exchange.refuseWatermarks(false);
        testBed.subscriber.subscribe(ada, SubscribeReason.SILENCE);
        exchange.callBackOnce(testBed.store, 1);
        exchange.forgetSubscriptions();
        exchange.refuseWatermarks(true);
        testBed.subscriber.subscribe(ada, SubscribeReason.SILENCE);
        assertAnnounced("pushed", "one", "two", "three");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-PT3H", "PT3H"})
    void mail_from_before_and_after_exchanges_clock_was_corrected_is_announced(Duration ahead) {
        var ada = subscribedThenDeaf(ahead);
        receive("one", "two");
        exchange.ahead = Duration.ZERO;
        receive("three");
        testBed.subscriber.subscribe(ada, SubscribeReason.SILENCE);
        assertThat(testBed.messages())
                .contains("message.received one", "message.received two", "message.received three")
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void a_correction_is_known_after_restarts_until_no_mailbox_looks_back_that_far(int restarts) {
        var ada = subscribedThenDeaf(BEHIND);
        var grace = testBed.enrol("grace@example.com");
        receive("one", "two");
        exchange.ahead = Duration.ZERO;
        for (var restart = 0; restart < restarts; restart++) {
            testBed.subscriber.subscribe(grace, SubscribeReason.OPERATOR);
            exchange.folder("grace@example.com").receive("of grace " + restart);
            exchange.callBack(testBed.store);
            later(Duration.ofHours(2));
            testBed.restart();
        }
        testBed.subscriber.subscribe(ada, SubscribeReason.SILENCE);
        assertThat(testBed.messages()).contains("message.received one", "message.received two");
    }

    @Test
    void a_clock_that_is_set_back_while_a_resync_reads_loses_nothing() {
        var ada = subscribedThenDeaf(Duration.ZERO);
        receive("one", "two");
        inbox.pageSize = 1;
        exchange.beforeRequest = () -> {
            if (exchange.requests(SyncFolderItems.class).size() == 2) {
                exchange.ahead = BEHIND;
                inbox.receive("three");
                exchange.beforeRequest = () -> {};
            }
        };
        testBed.subscriber.subscribe(ada, SubscribeReason.SILENCE);
        testBed.subscriber.resync(ada, SubscribeReason.OPERATOR);
        assertThat(testBed.messages()).contains("message.received three").doesNotHaveDuplicates();
    }

    @Test
    void a_clock_that_drifts_by_minutes_between_two_resyncs_loses_nothing() {
        var ada = subscribedThenDeaf(BEHIND);
        exchange.ahead = BEHIND.minusMinutes(40);
        receive("one");
        testBed.subscriber.subscribe(ada, SubscribeReason.SILENCE);
        exchange.forgetSubscriptions();
        exchange.ahead = BEHIND.minusMinutes(80);
        receive("two");
        testBed.subscriber.subscribe(ada, SubscribeReason.SILENCE);
        assertAnnounced("pushed", "one", "two");
    }

    @Test
    void servers_that_disagree_lose_nothing_whichever_of_them_answers() {
        var ada = subscribedThenDeaf(BEHIND);
        receive("one");
        exchange.ahead = Duration.ZERO;
        receive("two");
        // from now on another server responds, whose clock is right
        testBed.subscriber.subscribe(ada, SubscribeReason.SILENCE);
        assertThat(testBed.messages()).contains("message.received one", "message.received two");
    }

    @Test
    void without_a_date_the_clocks_count_as_equal_within_the_margin() {
        exchange.datesResponses = false;
        var ada = subscribedThenDeaf(Duration.ofMinutes(-14));
        receive("one");
        testBed.subscriber.subscribe(ada, SubscribeReason.SILENCE);
        assertAnnounced("pushed", "one");
    }

    @Test
    void a_resync_that_is_resumed_after_a_restart_knows_the_offset_before_its_first_answer() {
        var ada = subscribedThenDeaf(BEHIND);
        receive("one", "two");
        inbox.pageSize = 1;
        exchange.beforeRequest = () -> {
            if (exchange.requests(SyncFolderItems.class).size() == 3) {
                exchange.failNext(SyncFolderItems.class, FakeExchange.error("ErrorInternalServerTransientError"));
            }
        };
        assertThat(testBed.subscriber.subscribe(ada, SubscribeReason.SILENCE))
                .isInstanceOf(SubscriptionOutcome.RetryAt.class);
        exchange.beforeRequest = () -> {};
        testBed.restart();
        exchange.datesResponses = false;
        assertThat(testBed.subscriber.resync(ada, SubscribeReason.ERROR))
                .isInstanceOf(SubscriptionOutcome.Resynced.class);
        assertAnnounced("pushed", "one", "two");
    }

    @Test
    void what_push_reports_after_a_resync_is_recognized_though_exchanges_clock_is_ahead() {
        var ada = subscribedThenDeaf(AHEAD);
        receive("one", "two");
        exchange.onGrant = () -> {
            inbox.receive("both");
            later(Duration.ofSeconds(1));
        };
        testBed.subscriber.subscribe(ada, SubscribeReason.SILENCE);
        exchange.callBackOnce(testBed.store, 1);
        exchange.callBack(testBed.store);
        assertThat(testBed.messages()).contains("message.received both").doesNotHaveDuplicates();
    }

    @Test
    void the_offset_is_shown_and_kept() {
        subscribedThenDeaf(BEHIND);
        assertThat(testBed.subscriber.clockOffset("onprem")).isBetween(BEHIND.minusSeconds(2), BEHIND.plusSeconds(2));
        testBed.restart();
        assertThat(testBed.subscriber.clockOffset("onprem")).isBetween(BEHIND.minusSeconds(2), BEHIND.plusSeconds(2));
        assertThat(testBed.store
                        .exchangeOffsets()
                        .offsetOf("onprem")
                        .orElseThrow()
                        .least())
                .isNegative();
    }

    @Test
    void a_watermark_is_as_old_as_our_clock_says() {
        var ada = subscribedThenDeaf(BEHIND);
        Instant takenAt = testBed.mailbox(ada).watermark().orElseThrow().takenAt();
        assertThat(Duration.between(takenAt, testBed.clock.instant()))
                .isBetween(Duration.ofMinutes(4), Duration.ofMinutes(6));
    }
}
