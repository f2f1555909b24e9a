package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.config.SubscriberConfig;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.MailboxEvent.StatusEvent;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.SendNotification;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests the whole compensator with Quartz, the subscriber and the store.
class CompensatorTest {
    private static final Instant START = Instant.parse("2026-11-01T09:00:00Z");
    private static final Duration LIMIT = Duration.ofSeconds(2 * 600 + 90);

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock(START);
    private final GrantingExchange exchange = new GrantingExchange();
    private WatermarkStore store;
    private Compensator compensator;
    private MailboxId ada;

    @BeforeEach
    void open() {
        start(Duration.ofHours(1), "ada@example.com");
        await().until(() -> mailbox().live().isPresent());
    }

    @AfterEach
    void close() {
        compensator.close();
        store.close();
    }

    @Test
    void a_new_mailbox_is_subscribed_at_the_start() {
        assertThat(exchange.subscribed).containsExactly("ada@example.com");
        assertThat(types()).containsExactly("subscription.created");
        await().untilAsserted(
                        () -> assertThat(compensator.counters().succeeded()).isOne());
    }

    @Test
    void a_trigger_is_handled_at_once_and_not_at_the_next_sweep() {
        heartbeat();
        store.subscriptions()
                .scheduleCompensation(ada, new PendingCompensation(SubscribeReason.OPERATOR, START, false, "asked"));
        compensator.raise(ada);
        await().until(() -> exchange.subscribed.size() == 2 && mailbox().due().isEmpty());
        assertThat(exchange.subscribed.getLast()).isEqualTo("ada@example.com from w1");
    }

    @Test
    void a_restart_within_the_limit_resubscribes_no_mailbox() {
        heartbeat();
        stop();
        clock.advance(LIMIT.minusSeconds(1));
        // a new mailbox shows that the first sweep has passed
        start(Duration.ofHours(1), "ada@example.com", "eve@example.com");
        await().until(() -> compensator.counters().succeeded() == 1);
        assertThat(exchange.subscribed).containsExactly("ada@example.com", "eve@example.com");
    }

    @Test
    void after_a_restart_past_the_limit_the_loss_is_reported_and_repaired_from_the_watermark() {
        heartbeat();
        stop();
        clock.advance(LIMIT);
        start(Duration.ofHours(1), "ada@example.com");
        await().until(() -> compensator.counters().succeeded() == 1);
        assertThat(exchange.subscribed).containsExactly("ada@example.com", "ada@example.com from w1");
        assertThat(types()).containsExactly("subscription.created", "subscription.lost", "subscription.created");
        assertThat(mailbox().state()).isEqualTo(new MailboxState.Active());
    }

    @Test
    void after_the_clock_was_set_back_before_a_restart_silence_is_noticed_in_time() {
        clock.advance(Duration.ofDays(40));
        heartbeat();
        stop();
        clock.advance(Duration.ofDays(-40));
        start(Duration.ofMillis(50), "ada@example.com");
        clock.advance(LIMIT.minusSeconds(1));
        assertThat(exchange.subscribed).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        await().until(() -> exchange.subscribed.size() == 2);
    }

    @Test
    void after_the_clock_was_set_back_before_a_restart_a_pending_compensation_is_done_in_time() {
        clock.advance(Duration.ofDays(40));
        heartbeat();
        var later = clock.instant().plus(Duration.ofMinutes(15));
        store.subscriptions()
                .scheduleCompensation(ada, new PendingCompensation(SubscribeReason.GAP, later, false, "gap"));
        stop();
        clock.advance(Duration.ofDays(-40));
        start(Duration.ofMillis(50), "ada@example.com");
        clock.advance(Duration.ofMinutes(15));
        await().until(() -> exchange.subscribed.size() == 2);
    }

    @Test
    void a_pending_compensation_is_done_even_if_the_trigger_got_lost() {
        heartbeat();
        stop();
        start(Duration.ofMillis(50), "ada@example.com");
        var gap = new PendingCompensation(SubscribeReason.GAP, clock.instant(), false, "gap");
        store.subscriptions().scheduleCompensation(mailbox().id(), gap);
        clock.advance(Duration.ofMinutes(1));
        await().until(() -> exchange.subscribed.size() == 2);
    }

    @Test
    void the_sweep_notices_silence_without_a_trigger() {
        heartbeat();
        stop();
        start(Duration.ofMillis(50), "ada@example.com");
        clock.advance(LIMIT);
        await().until(() -> exchange.subscribed.size() == 2);
    }

    @Test
    void a_resync_cut_short_by_a_kill_is_resumed_at_the_next_start() {
        heartbeat();
        stop();
        reopen();
        var attempt = store.subscriptions().begin(ada, SubscribeReason.ERROR, plan().fingerprint(), Optional.empty());
        store.subscriptions().confirm(attempt, granted(), Optional.of(START));
        store.close();
        start(Duration.ofHours(1), "ada@example.com");
        await().until(() -> compensator.counters().resyncs() == 1);
        assertThat(exchange.subscribed).hasSize(1);
        assertThat(types()).last().isEqualTo("mailbox.resync.completed");
    }

    private static SubscribeResult granted() {
        return new SubscribeResult(new SubscriptionId("s9"), Optional.of(new Watermark("w9")));
    }

    private void heartbeat() {
        var mailbox = mailbox();
        var event = new StatusEvent(Optional.of(new Watermark("w1")));
        var body = new Notification(
                mailbox.subscriptionId().orElseThrow(), Optional.of(new Watermark("w0")), false, List.of(event));
        store.intake()
                .record(List.of(new VerifiedCallback(
                        mailbox.live().orElseThrow(),
                        new SendNotification(List.of(body)),
                        clock.instant(),
                        "192.0.2.1")));
    }

    private Mailbox mailbox() {
        return store.mailboxes().find(ada).orElseThrow();
    }

    private List<String> types() {
        return store.journal().read(JournalPosition.START, 100).stream()
                .map(JournalEvent::type)
                .toList();
    }

    private void stop() {
        compensator.close();
        store.close();
    }

    private void reopen() {
        store = StoreFactory.open(
                new StoreConfig(
                        "jdbc:h2:file:" + folder.resolve("tidemark"), "sa", "", "gw1", true, 0, Duration.ofMinutes(15)),
                clock);
    }

    private void start(Duration sweepInterval, String... addresses) {
        reopen();
        for (var address : List.of(addresses).reversed()) {
            ada = store.mailboxes()
                    .enrol(new MailboxAddress(address), new GroupMembership("inboxes", false))
                    .id();
        }
        var config = new SubscriberConfig(
                List.of(plan()), Map.of(), Duration.ofDays(30), Duration.ofMinutes(15), Duration.ofDays(7));
        var subscriber = new MailboxSubscriber(
                config,
                Map.of("onprem", exchange),
                store,
                (attempt, group) -> URI.create("https://push.example.com/" + attempt.number()),
                clock);
        compensator = Compensator.start(config(sweepInterval), subscriber, store, clock);
    }

    private static GroupSubscriptionConfig plan() {
        return new GroupSubscriptionConfig(
                "inboxes",
                "onprem",
                List.of(new FolderRef.Distinguished("inbox")),
                Set.of(ChangeKind.NEW_MAIL),
                Duration.ofMinutes(10),
                URI.create("https://push.example.com"));
    }

    private static CompensatorConfig config(Duration sweepInterval) {
        return config(sweepInterval, 20);
    }

    static CompensatorConfig config(Duration sweepInterval, int rate) {
        return new CompensatorConfig(
                2.0,
                Duration.ofSeconds(90),
                Optional.empty(),
                Optional.empty(),
                sweepInterval,
                Duration.ofDays(30),
                rate,
                Duration.ofHours(4),
                true,
                new CompensatorConfig.Retention(Duration.ofDays(7), Duration.ofDays(30), Duration.ofDays(30)),
                FallbackConfig.NONE);
    }
}
