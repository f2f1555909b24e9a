package dev.tidemark.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.config.StreamConfig;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ResponseCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Changes from push to streams and back, on a real store.
class StreamCoordinatorTest {
    private static final String ADA = SubscriberTestBed.ADA;

    @TempDir
    private Path folder;

    private SubscriberTestBed testBed;
    private FakeExchange exchange;
    private StreamCoordinator streams;
    private final List<MailboxId> restored = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() {
        testBed = new SubscriberTestBed(folder, ChangeKind.NEW_MAIL);
        exchange = testBed.exchange;
        streams = streams();
    }

    @AfterEach
    void close() {
        streams.stop();
        await().until(() -> exchange.openStreams() == 0);
        testBed.close();
    }

    private StreamCoordinator streams() {
        return testBed.subscriber.streams(StreamConfig.DEFAULT, (connection, id) -> restored.add(id));
    }

    private MailboxId degraded(String address) {
        var id = testBed.enrol(address);
        testBed.subscriber.subscribe(id, SubscribeReason.INITIAL);
        exchange.forgetSubscriptions();
        var next = new PendingCompensation(SubscribeReason.SILENCE, testBed.clock.instant(), false, "silence");
        testBed.store.subscriptions().recordLoss(id, "silence", next);
        testBed.store.fallbacks().degrade(id, "stream");
        streams.watch(id);
        return id;
    }

    private void streaming() {
        streams.tick();
        await().until(() -> exchange.openStreams() > 0);
    }

    private void awaitMessages(String... items) {
        var expected =
                List.of(items).stream().map(item -> "message.received " + item).toList();
        await().untilAsserted(() -> assertThat(testBed.messages()).containsExactlyInAnyOrderElementsOf(expected));
    }

    @Test
    void missed_mail_is_found_by_a_poll_and_new_mail_by_the_stream() {
        var ada = degraded(ADA);
        exchange.folder(ADA).receive("missed");
        streaming();
        awaitMessages("missed");
        exchange.folder(ADA).receive("new");
        awaitMessages("missed", "new");

        assertThat(testBed.store.journal().read(JournalPosition.START, 100).stream()
                        .flatMap(event -> event.origin().stream()))
                .containsOnly(EventOrigin.STREAM);
        assertThat(testBed.mailbox(ada).state()).isEqualTo(new MailboxState.Degraded());
        // subscribes first, then polls
        var requests = List.copyOf(exchange.calls);
        assertThat(requests.indexOf("SubscribeStreaming"))
                .isLessThan(requests.indexOf("GetStreamingEvents"))
                .isNotNegative();
        assertThat(requests.indexOf("GetStreamingEvents")).isLessThan(requests.indexOf("SyncFolderItems"));
    }

    @Test
    void the_duration_converges_in_a_network_that_cuts_at_thirteen_minutes() {
        exchange.cutStreamsAfter(Duration.ofMinutes(13));
        degraded(ADA);
        streaming();
        var asked = new ArrayList<Long>();
        for (var minutes = 0; minutes < 400 && exchange.streamCount() < 6; minutes++) {
            testBed.clock.advance(Duration.ofMinutes(1));
            await().until(() -> {
                streams.tick();
                return exchange.streamsDue() == 0 && exchange.openStreams() == 1;
            });
        }
        exchange.streams()
                .forEach(stream -> asked.add(stream.request.connectionTimeout().toMinutes()));
        assertThat(asked).startsWith(15L, 8L, 12L, 16L, 12L, 12L);
        assertThat(streams.counters().silent()).isEqualTo(2);
    }

    @Test
    void what_comes_while_a_stream_is_cut_off_is_found_when_the_next_one_opens() {
        exchange.cutStreamsAfter(Duration.ofMinutes(5));
        degraded(ADA);
        exchange.folder(ADA).receive("before");
        streaming();
        // the poll for the first stream is complete
        awaitMessages("before");
        testBed.clock.advance(Duration.ofMinutes(6));
        exchange.folder(ADA).receive("unheard");
        testBed.clock.advance(Duration.ofMinutes(11));
        streams.tick();
        awaitMessages("before", "unheard");
        assertThat(exchange.streamCount()).isEqualTo(2);
    }

    @Test
    void a_subscription_that_exchange_lost_is_made_again_and_nothing_is_missed() {
        degraded(ADA);
        streaming();
        exchange.forgetStreamingSubscriptions();
        exchange.folder(ADA).receive("between");
        // the failed stream pauses
        awaitWhilePassing(
                Duration.ofMillis(100),
                () -> exchange.requests(EwsCall.SubscribeStreaming.class).size() > 1 && exchange.openStreams() == 1);
        awaitMessages("between");
    }

    @Test
    void two_hundred_mailboxes_share_a_stream_and_one_more_opens_another() {
        for (var number = 0; number < 201; number++) {
            degraded("m" + number + "@example.com");
        }
        streams.tick();
        await().until(() -> exchange.openStreams() == 2);
        assertThat(exchange.streams().stream()
                        .map(stream -> stream.request.subscriptions().size()))
                .containsExactlyInAnyOrder(200, 1);
        streams.tick();
        assertThat(streams.counters().mailboxes()).isEqualTo(201);
    }

    @Test
    void a_mailbox_that_comes_later_joins_the_stream_that_has_room() {
        degraded(ADA);
        streaming();
        degraded("eve@example.com");
        streams.tick();
        await().until(() -> exchange.streams().getLast().request.subscriptions().size() == 2);
        exchange.folder("eve@example.com").receive("hers");
        awaitMessages("hers");
        await().until(() -> exchange.openStreams() == 1);
    }

    @Test
    void a_mailbox_whose_push_is_restored_leaves_its_stream_and_is_reported() {
        var ada = degraded(ADA);
        streaming();
        testBed.subscriber.subscribe(ada, SubscribeReason.SILENCE);
        exchange.callBack(testBed.store);
        streams.tick();
        await().until(() -> exchange.openStreams() == 0);
        assertThat(restored).containsExactly(ada);
        await().until(() -> !exchange.requests(EwsRequest.Unsubscribe.class).isEmpty());
    }

    @Test
    void a_mailbox_that_cannot_be_streamed_does_not_delay_new_ones() {
        exchange.refuseStreaming(ADA, denied());
        degraded(ADA);
        streams.tick();
        await().until(() -> !exchange.requests(EwsCall.SubscribeStreaming.class).isEmpty());
        degraded("eve@example.com");
        streaming();
        exchange.folder("eve@example.com").receive("hers");
        awaitMessages("hers");
    }

    @Test
    void one_that_was_refused_is_subscribed_as_soon_as_it_is_asked_for_again() {
        exchange.refuseStreaming(ADA, denied());
        var ada = degraded(ADA);
        streams.tick();
        await().until(() -> !exchange.requests(EwsCall.SubscribeStreaming.class).isEmpty());
        exchange.allowStreaming(ADA);
        streams.watch(ada);
        streaming();
        exchange.folder(ADA).receive("hers");
        awaitMessages("hers");
    }

    @Test
    void so_is_one_that_is_asked_for_while_it_is_being_refused() {
        exchange.refuseStreaming(ADA, denied());
        var ada = degraded(ADA);
        exchange.onStreamRefusal = () -> {
            exchange.allowStreaming(ADA);
            streams.watch(ada);
            streams.tick();
        };
        streaming();
        exchange.folder(ADA).receive("hers");
        awaitMessages("hers");
    }

    @Test
    void mailboxes_are_polled_while_no_stream_can_be_opened() {
        exchange.streamError = Optional.of(FakeExchange.error("ErrorTimeoutExpired"));
        degraded(ADA);
        streams.tick();
        for (var number = 0; number < 3; number++) {
            exchange.folder(ADA).receive("mail-" + number);
            var expected = number + 1;
            awaitWhilePassing(Duration.ofSeconds(5), () -> testBed.messages().size() == expected);
        }
        assertThat(exchange.streamCount()).isZero();
    }

    /// Checks the pause after failures: the ninth in a row would lead to more than eight minutes.
    @Test
    void failures_far_apart_do_not_add_up_to_a_long_rest() {
        degraded(ADA);
        streaming();
        for (var number = 1; number <= 9; number++) {
            testBed.clock.advance(Duration.ofMinutes(10));
            var opened = exchange.streamCount();
            exchange.forgetStreamingSubscriptions();
            await().until(() -> exchange.openStreams() == 0 || exchange.streamCount() > opened);
            var polls = new AtomicInteger();
            await().pollInterval(Duration.ofMillis(20))
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> {
                        if (polls.getAndIncrement() % 100 == 0) {
                            // the poll repeats only if the worker paused after the first one
                            testBed.clock.advance(Duration.ofSeconds(10));
                            streams.tick();
                        }
                        return exchange.streamCount() > opened;
                    });
        }
    }

    private void awaitWhilePassing(Duration step, BooleanSupplier done) {
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            testBed.clock.advance(step);
            streams.tick();
            return done.getAsBoolean();
        });
    }

    private static EwsError denied() {
        return new EwsError.PermanentForMailbox(new ResponseCode("ErrorAccessDenied"), "Access is denied.");
    }

    /// Checks that every mail is announced exactly once in random histories.
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void nothing_is_lost_or_doubled_at_either_change(int seed) {
        var random = new Random(seed);
        var ada = degraded(ADA);
        var items = new ArrayList<String>();
        exchange.folder(ADA).pageSize = 1 + random.nextInt(3);
        streaming();
        for (var step = 0; step < 60; step++) {
            testBed.clock.advance(Duration.ofSeconds(random.nextInt(120)));
            switch (random.nextInt(10)) {
                case 0 -> exchange.cutStreamsAfter(Duration.ofMinutes(1 + random.nextInt(20)));
                case 1 -> exchange.forgetStreamingSubscriptions();
                case 2 -> testBed.subscriber.subscribe(ada, SubscribeReason.SILENCE);
                case 3 -> testBed.clock.advance(Duration.ofMinutes(random.nextInt(20)));
                default -> {
                    items.add("mail-" + step);
                    exchange.folder(ADA).receive("mail-" + step);
                }
            }
            streams.tick();
        }
        testBed.subscriber.subscribe(ada, SubscribeReason.SILENCE);
        exchange.folder(ADA).receive("last");
        items.add("last");
        exchange.callBack(testBed.store);
        streams.tick();
        testBed.subscriber.resync(ada, SubscribeReason.ERROR);
        exchange.callBack(testBed.store);

        awaitMessages(items.toArray(String[]::new));
        assertThat(testBed.mailbox(ada).state()).isEqualTo(new MailboxState.Active());
    }
}
