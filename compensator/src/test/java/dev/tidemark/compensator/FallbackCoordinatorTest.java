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

/// Tests suspension, fallback, probes and recovery of push, with Quartz, the subscriber and the store.
class FallbackCoordinatorTest {
    private static final Instant START = Instant.parse("2026-11-01T09:00:00Z");
    private static final Duration WINDOW = Duration.ofSeconds(690);
    private static final Duration DELAY = Duration.ofMinutes(5);
    private static final String ADA = "ada@example.com";
    private static final String EVE = "eve@example.com";

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock(START);
    private final GrantingExchange exchange = new GrantingExchange();
    private WatermarkStore store;
    private Compensator compensator;

    @BeforeEach
    void open() {
        start(FallbackConfig.Transport.POLL);
    }

    @AfterEach
    void stop() {
        compensator.close();
        store.close();
    }

    @Test
    void a_mailbox_that_is_never_called_back_for_is_polled_until_a_try_succeeds() {
        suspendPush(ADA);
        assertThat(mailbox(ADA).fruitless()).isEqualTo(3);
        await().until(() -> syncs(ADA) == 1);

        clock.advance(DELAY);
        await().until(() -> syncs(ADA) == 2);
        assertThat(compensator.silentAt(mailbox(ADA))).isEmpty();
        assertThat(compensator.nextStep(mailbox(ADA)).action()).isEqualTo("probe of push");
        assertThat(compensator.nextStep(mailbox(ADA)).at())
                .contains(clock.instant().plus(WINDOW.minus(DELAY)));

        var subscribed = exchange.subscribed.size();
        clock.advance(WINDOW.minus(DELAY));
        await().until(() -> exchange.subscribed.size() > subscribed);
        await().until(() -> syncs(ADA) == 3);
        assertThat(exchange.subscribed.getLast()).isEqualTo(ADA);
        heartbeat(ADA);
        assertThat(mailbox(ADA).degraded()).isEmpty();

        clock.advance(DELAY);
        await().until(() -> compensator.counters().resyncs() == 1);
        assertThat(mailbox(ADA).state()).isEqualTo(new MailboxState.Active());
        await().until(() -> compensator.fallbackCounters().degraded() == 0);
        assertThat(types(ADA))
                .containsSubsequence("mailbox.push.degraded", "mailbox.push.restored", "mailbox.resync.completed");
    }

    @Test
    void polls_go_on_after_a_restart() {
        suspendPush(ADA);
        await().until(() -> syncs(ADA) == 1);
        stop();
        start(FallbackConfig.Transport.POLL);
        await().until(() -> syncs(ADA) == 2);
        assertThat(types(ADA)).containsOnlyOnce("mailbox.push.degraded");
    }

    @Test
    void without_a_transport_push_is_tried_on_and_on() {
        stop();
        start(FallbackConfig.Transport.NONE);
        for (var lost = 1; lost <= 5; lost++) {
            var before = count(ADA);
            await().until(() -> compensator.counters().inFlight() == 0);
            clock.advance(WINDOW);
            await().until(() -> count(ADA) > before);
        }
        assertThat(types(ADA)).doesNotContain("mailbox.push.degraded");
        assertThat(exchange.synced).isEmpty();
    }

    @Test
    void a_callback_for_one_mailbox_has_the_others_tried_at_once() {
        enrol(EVE);
        await().until(() -> mailbox(EVE).live().isPresent());
        suspendPush(ADA, EVE);
        // so long that the next scheduled probe is far away
        for (var tries = 1; tries <= 3; tries++) {
            var before = Math.min(count(ADA), count(EVE));
            clock.advance(Duration.ofHours(3));
            await().until(() -> Math.min(count(ADA), count(EVE)) > before);
        }
        clock.advance(WINDOW.plusSeconds(10));
        var before = count(EVE);

        heartbeat(ADA);
        clock.advance(DELAY);

        await().until(() -> count(EVE) > before);
    }

    /// Lets subscriptions die, three of them compensations, until push is suspended for all `addresses`.
    private void suspendPush(String... addresses) {
        for (var lost = 1; lost <= 4; lost++) {
            var before = exchange.subscribed.size();
            await().until(() -> compensator.counters().inFlight() == 0
                    && compensator.counters().due() == 0);
            clock.advance(WINDOW);
            if (lost < 4) {
                await().until(() -> exchange.subscribed.size() >= before + addresses.length);
            }
        }
        await().until(() -> List.of(addresses).stream()
                .allMatch(address -> mailbox(address).state() instanceof MailboxState.Degraded));
    }

    private long count(String address) {
        return exchange.subscribed.stream()
                .filter(line -> line.startsWith(address))
                .count();
    }

    private long syncs(String address) {
        return exchange.synced.stream().filter(address::equals).count();
    }

    private void heartbeat(String address) {
        var mailbox = mailbox(address);
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

    private Mailbox mailbox(String address) {
        return store.mailboxes().find(new MailboxAddress(address)).orElseThrow();
    }

    private List<String> types(String address) {
        var source = mailbox(address).id();
        return store.journal().read(JournalPosition.START, 1000).stream()
                .filter(event -> event.source().toString().contains(source.value()))
                .map(JournalEvent::type)
                .toList();
    }

    private MailboxId enrol(String address) {
        var id = store.mailboxes()
                .enrol(new MailboxAddress(address), new GroupMembership("inboxes", false))
                .id();
        if (compensator != null) {
            compensator.raise(id);
        }
        return id;
    }

    private void start(FallbackConfig.Transport transport) {
        store = StoreFactory.open(
                new StoreConfig(
                        "jdbc:h2:file:" + folder.resolve("tidemark"), "sa", "", "gw1", true, 0, Duration.ofMinutes(15)),
                clock);
        store.mailboxes().enrol(new MailboxAddress(ADA), new GroupMembership("inboxes", false));
        var config = new SubscriberConfig(
                List.of(plan()), Map.of(), Duration.ofDays(30), Duration.ofMinutes(15), Duration.ofDays(7));
        var subscriber = new MailboxSubscriber(
                config,
                Map.of("onprem", exchange),
                store,
                (attempt, group) -> URI.create("https://push.example.com/" + attempt.number()),
                clock);
        compensator = Compensator.start(config(transport), subscriber, store, clock);
        await().until(() -> mailbox(ADA).live().isPresent());
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

    private static CompensatorConfig config(FallbackConfig.Transport transport) {
        return new CompensatorConfig(
                2.0,
                Duration.ofSeconds(90),
                Optional.empty(),
                Optional.empty(),
                Duration.ofMillis(50),
                Duration.ofDays(30),
                20,
                Duration.ofHours(4),
                true,
                new CompensatorConfig.Retention(Duration.ofDays(7), Duration.ofDays(30), Duration.ofDays(30)),
                new FallbackConfig(3, transport, FallbackConfig.NONE.delay(), FallbackConfig.NONE.streaming()));
    }
}
