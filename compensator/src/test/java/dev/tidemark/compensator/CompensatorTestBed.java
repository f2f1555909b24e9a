package dev.tidemark.compensator;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
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

/// Compensator with Quartz, the subscriber and a real store, between an Exchange that grants every request and a
/// clock that the test moves.
final class CompensatorTestBed implements AutoCloseable {
    static final Instant START = Instant.parse("2026-11-01T09:00:00Z");

    final SettableClock clock = new SettableClock(START);
    final GrantingExchange exchange = new GrantingExchange();
    private final Path folder;
    WatermarkStore store;
    Compensator compensator;

    /// Creates a test bed that [#start] starts.
    CompensatorTestBed(Path folder) {
        this.folder = folder;
    }

    void openStore() {
        store = StoreFactory.open(
                new StoreConfig(
                        "jdbc:h2:file:" + folder.resolve("tidemark"), "sa", "", "gw1", true, 0, Duration.ofMinutes(15)),
                clock);
    }

    MailboxId enrol(String address) {
        return store.mailboxes()
                .enrol(new MailboxAddress(address), new GroupMembership("inboxes", false))
                .id();
    }

    /// Opens the store, enrols mailboxes in this order, and starts the compensator. After [#close], the test bed can
    /// start again.
    void start(CompensatorConfig config, List<String> addresses) {
        start(config, addresses, Compensator.Duty.ALONE);
    }

    /// Does the same for a node of a cluster.
    void start(CompensatorConfig config, List<String> addresses, Compensator.Duty duty) {
        openStore();
        addresses.forEach(this::enrol);
        var subscribing = new SubscriberConfig(
                List.of(plan()), Map.of(), Duration.ofDays(30), Duration.ofMinutes(15), Duration.ofDays(7));
        var subscriber = new MailboxSubscriber(
                subscribing,
                Map.of("onprem", exchange),
                store,
                (attempt, group) -> URI.create("https://push.example.com/" + attempt.number()),
                clock);
        compensator = Compensator.start(config, subscriber, store, clock, duty);
    }

    Mailbox mailbox(String address) {
        return store.mailboxes().find(new MailboxAddress(address)).orElseThrow();
    }

    /// Lets Exchange call back with a heartbeat that moves the watermark from w0 to w1.
    void heartbeat(String address) {
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

    static GroupSubscriptionConfig plan() {
        return plan(Duration.ofMinutes(10));
    }

    static GroupSubscriptionConfig plan(Duration statusFrequency) {
        return plan("onprem", statusFrequency);
    }

    static GroupSubscriptionConfig plan(String connection, Duration statusFrequency) {
        return new GroupSubscriptionConfig(
                CompensatedMailboxes.GROUP,
                connection,
                List.of(new FolderRef.Distinguished("inbox")),
                Set.of(ChangeKind.NEW_MAIL),
                statusFrequency,
                URI.create("https://push.example.com"));
    }

    static CompensatorConfig config(Duration sweepInterval, int rate) {
        return config(sweepInterval, rate, FallbackConfig.NONE);
    }

    static CompensatorConfig config(Duration sweepInterval, int rate, FallbackConfig fallback) {
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
                fallback);
    }

    /// Returns the settings with other limits of silence.
    static CompensatorConfig withSilence(
            CompensatorConfig config, Optional<Duration> silenceAfter, Optional<Duration> firstCallback) {
        return new CompensatorConfig(
                config.silenceFactor(),
                config.grace(),
                silenceAfter,
                firstCallback,
                config.sweepInterval(),
                config.watermarkLifetime(),
                config.rate(),
                config.failedRecheck(),
                config.cohort(),
                config.retention(),
                config.fallback());
    }

    @Override
    public void close() {
        compensator.close();
        store.close();
    }
}
