package dev.tidemark.conformance;

import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.MailboxEvent;
import dev.tidemark.values.MailboxEvent.ChangeEvent;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.ObjectId;
import dev.tidemark.values.SendNotification;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Runs Tidemark from the journal on: a store on H2, a mailbox with an active subscription, and the forwarder.
final class ConformanceTidemarkSender implements WebhookSenderUnderTest {
    static final SinkName MAIN = new SinkName("main");
    private static final Clock CLOCK = Clock.systemUTC();

    private final WatermarkStore store;
    private final EventForwarder forwarder;
    private final AttemptId attempt;
    private int sent;
    private Optional<Watermark> last = Optional.empty();

    private ConformanceTidemarkSender(WatermarkStore store, EventForwarder forwarder, AttemptId attempt) {
        this.store = store;
        this.forwarder = forwarder;
        this.attempt = attempt;
    }

    /// Opens a sender with one sink, which receives only changes.
    static ConformanceTidemarkSender open(Path folder, Settings settings) {
        return open(folder, List.of(sink(settings)), false);
    }

    static ConformanceTidemarkSender open(Path folder, List<SinkConfig> sinks, boolean protocolExposed) {
        var config = new StoreConfig(
                "jdbc:h2:file:" + folder.resolve("tidemark"), "sa", "", "gw1", true, 0, Duration.ofMinutes(15));
        var store = StoreFactory.open(config, CLOCK);
        var names = sinks.stream().map(SinkConfig::name).toList();
        var forwarder = EventForwarder.start(
                new ForwarderConfig(
                        sinks,
                        Map.of("inboxes", Set.copyOf(names)),
                        new EgressConfig(false, List.of("127.0.0.0/8")),
                        Duration.ofSeconds(10)),
                store,
                CLOCK);
        var mailbox = store.mailboxes()
                .enrol(new MailboxAddress("ada@example.com"), new GroupMembership("inboxes", protocolExposed))
                .id();
        return new ConformanceTidemarkSender(store, forwarder, subscribe(store, mailbox));
    }

    private static SinkConfig sink(Settings settings) {
        return sink(
                MAIN,
                settings,
                List.of("dev.tidemark.mailbox.*"),
                List.of(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(300)));
    }

    static SinkConfig sink(SinkName name, Settings settings, List<String> events, List<Duration> schedule) {
        var webhook = new WebhookConfig(
                settings.url(), settings.secrets(), settings.signingKey(), Map.of(), Duration.ofSeconds(15));
        var retry = new RetryConfig(schedule, Duration.ofMinutes(10), Duration.ofDays(5));
        return new SinkConfig(name, webhook, DeliveryOrdering.MAILBOX, ThroughputConfig.DEFAULT, retry, events);
    }

    private static AttemptId subscribe(WatermarkStore store, MailboxId mailbox) {
        var attempt = store.subscriptions().begin(mailbox, SubscribeReason.INITIAL, "f1", Optional.empty());
        var answer = new SubscribeResult(new SubscriptionId("S1"), Optional.of(new Watermark("W0")));
        store.subscriptions().confirm(attempt, answer, Optional.empty());
        return attempt;
    }

    WatermarkStore store() {
        return store;
    }

    EventForwarder forwarder() {
        return forwarder;
    }

    MailboxId mailbox() {
        return attempt.mailbox();
    }

    @Override
    public void send() {
        push(ChangeKind.NEW_MAIL, ItemId.of("AAMkItem" + sent), Optional.empty());
    }

    /// Processes a callback with one change that continues the chain.
    void push(ChangeKind kind, ObjectId target, Optional<ObjectId> old) {
        push(kind, target, old, last);
    }

    /// Processes a callback with one change; `previous` is its PreviousWatermark.
    void push(ChangeKind kind, ObjectId target, Optional<ObjectId> old, Optional<Watermark> previous) {
        var now = CLOCK.instant();
        var watermark = Optional.of(new Watermark("W" + ++sent));
        MailboxEvent event = new ChangeEvent(
                kind,
                watermark,
                Optional.of(now),
                target,
                Optional.of(new FolderId("AAMkInbox", Optional.of("AQAAAA=="))),
                old,
                old.map(ignored -> FolderId.of("AAMkBefore")),
                kind == ChangeKind.MODIFIED && target instanceof FolderId ? OptionalInt.of(3) : OptionalInt.empty());
        var before = previous.or(() -> Optional.of(new Watermark("W0")));
        var notification = new Notification(new SubscriptionId("S1"), before, false, List.of(event));
        var body = new SendNotification(List.of(notification));
        store.intake().record(List.of(new VerifiedCallback(attempt, body, now, "127.0.0.1")));
        last = watermark;
    }

    @Override
    public void close() {
        forwarder.close();
        store.close();
    }
}
