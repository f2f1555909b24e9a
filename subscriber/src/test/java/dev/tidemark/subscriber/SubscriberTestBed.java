package dev.tidemark.subscriber;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.config.SubscriberConfig;
import dev.tidemark.subscriber.connection.MonotonicTicker;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Subscriber between a fake Exchange and a real store.
public final class SubscriberTestBed implements AutoCloseable {
    public static final Instant START = Instant.parse("2026-11-01T09:00:00Z");
    public static final Duration MARGIN = Duration.ofMinutes(15);
    public static final Duration LIFETIME = Duration.ofDays(30);
    public static final Duration RETENTION = Duration.ofDays(7);
    public static final String ADA = "ada@example.com";

    public final SettableClock clock = new SettableClock(START);
    public final FakeExchange exchange = new FakeExchange(clock);
    private final Path folder;
    private final List<FolderRef> watched;
    private final Set<ChangeKind> events;
    public WatermarkStore store;
    public MailboxSubscriber subscriber;

    public SubscriberTestBed(Path folder, ChangeKind... events) {
        this(folder, List.of("inbox"), events);
    }

    /// Creates a test bed.
    ///
    /// @param watched distinguished names of folders, in the order in which they are read
    SubscriberTestBed(Path folder, List<String> watched, ChangeKind... events) {
        this.folder = folder;
        this.watched =
                watched.stream().<FolderRef>map(FolderRef.Distinguished::new).toList();
        this.events = Set.of(events);
        this.store = open();
        this.subscriber = newSubscriber();
    }

    /// Creates a test bed whose mailbox [#ADA] has a subscription, and a mail from before that.
    static SubscriberTestBed withSubscribedMailbox(Path folder) {
        var testBed = new SubscriberTestBed(folder, ChangeKind.NEW_MAIL, ChangeKind.DELETED);
        var ada = testBed.enrol(ADA);
        testBed.exchange.folder(ADA).receive("ancient");
        testBed.clock.advance(Duration.ofDays(1));
        testBed.subscriber.subscribe(ada, SubscribeReason.INITIAL);
        return testBed;
    }

    /// Restarts store and subscriber; nothing in memory survives.
    void restart() {
        store.close();
        exchange.restartClient();
        store = open();
        subscriber = newSubscriber();
    }

    public MailboxId enrol(String address) {
        return store.mailboxes()
                .enrol(new MailboxAddress(address), new GroupMembership("inboxes", false))
                .id();
    }

    MailboxId idOf(String address) {
        return store.mailboxes().find(new MailboxAddress(address)).orElseThrow().id();
    }

    public Mailbox mailbox(MailboxId id) {
        return store.mailboxes().find(id).orElseThrow();
    }

    /// Returns the event types in the journal without their common prefix, each with its item.
    public List<String> journal() {
        return store.journal().read(JournalPosition.START, 1000).stream()
                .map(event -> switch (event.data()) {
                    case EventData.Change change ->
                        event.type().replace("mailbox.", "") + " "
                                + change.target().id();
                    case EventData.Lifecycle ignored -> event.type();
                })
                .toList();
    }

    public List<String> messages() {
        return journal().stream().filter(line -> line.startsWith("message.")).toList();
    }

    private WatermarkStore open() {
        return StoreFactory.open(
                new StoreConfig("jdbc:h2:file:" + folder.resolve("tidemark"), "sa", "", "gw1", true, 0, MARGIN),
                new FolderNameCache(),
                group -> "onprem",
                clock);
    }

    private MailboxSubscriber newSubscriber() {
        var plan = new GroupSubscriptionConfig(
                "inboxes", "onprem", watched, events, Duration.ofMinutes(10), URI.create("http://listener"));
        return new MailboxSubscriber(
                new SubscriberConfig(
                        List.of(plan), Map.of("onprem", new ConnectionLimits(2, 0)), LIFETIME, MARGIN, RETENTION),
                Map.of("onprem", exchange),
                store,
                (attempt, group) -> URI.create("http://listener/" + attempt.mailbox() + "/" + attempt.number()),
                clock,
                () -> 0.5,
                MonotonicTicker.SYSTEM);
    }

    @Override
    public void close() {
        store.close();
    }
}
