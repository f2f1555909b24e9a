package dev.tidemark.reactions;

import static org.awaitility.Awaitility.await;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.HttpEwsClient;
import dev.tidemark.listener.CallbackListener;
import dev.tidemark.listener.CallbackTokenCodec;
import dev.tidemark.simulator.LoggedRequest;
import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.schedule.ManualScheduler;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.config.SnapshotScope;
import dev.tidemark.subscriber.config.SubscriberConfig;
import dev.tidemark.subscriber.config.WatchedFolders;
import dev.tidemark.subscriber.detail.DetailFetcher;
import dev.tidemark.testsupport.ExchangeTraffic;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/// One mailbox with a folder tree, watched over HTTP by store, listener, subscriber and compensator on one
/// manual clock.
final class FolderTreeTestBed implements AutoCloseable {
    static final MailboxAddress ADA = new MailboxAddress("ada@example.com");

    private static final String GROUP = "household";

    private final Path folder;
    private final GroupSubscriptionConfig plan;
    private final ExchangeTraffic traffic = new ExchangeTraffic();
    final ManualScheduler time = new ManualScheduler(Instant.parse("2026-11-01T09:00:00Z"));
    final SimulatedExchange exchange =
            SimulatedExchange.start(SimulatorConfig.defaults().withBodies(traffic::add), time);
    final SimulatedMailbox mailbox = exchange.addMailbox(ADA);
    private WatermarkStore store;
    private EwsClient client;
    private CallbackListener listener;
    private Compensator compensator;
    private Optional<DetailFetcher> details = Optional.empty();
    private boolean fetchesDetails;

    FolderTreeTestBed(Path folder, WatchedFolders watched, SnapshotScope snapshot, ChangeKind... events) {
        this.folder = folder;
        this.plan = new GroupSubscriptionConfig(
                GROUP, GROUP, watched, Set.of(events), Duration.ofDays(1), URI.create("http://127.0.0.1"), snapshot);
    }

    /// Enables item details in events.
    FolderTreeTestBed withDetails() {
        fetchesDetails = true;
        return this;
    }

    /// Returns the final details of item events, by item.
    Map<String, ItemDetail> details() {
        var found = new HashMap<String, ItemDetail>();
        for (var event : journal()) {
            if (event.data() instanceof EventData.Change change) {
                store.details()
                        .find(event.position())
                        .ifPresent(detail -> found.put(change.target().id(), detail));
            }
        }
        return found;
    }

    /// Starts the core and makes the first subscription.
    void start() {
        store = StoreFactory.open(CoreTestConfig.store(folder), time.clock());
        store.mailboxes().enrol(ADA, new GroupMembership(GROUP, false));
        var tokens = new CallbackTokenCodec(new byte[32], List.of());
        var alarm = new AtomicReference<Optional<Compensator>>(Optional.empty());
        listener = CallbackListener.start(
                CoreTestConfig.listener(),
                store,
                tokens,
                id -> alarm.get().ifPresent(each -> each.raise(id)),
                time.clock());
        var base = "http://127.0.0.1:" + listener.port() + "/ews/notifications/";
        client = HttpEwsClient.connect(CoreTestConfig.connection(GROUP, exchange.url(), 4), time.clock());
        var subscriber = new MailboxSubscriber(
                new SubscriberConfig(
                        List.of(plan),
                        Map.of(GROUP, new ConnectionLimits(4, 0)),
                        CoreTestConfig.LIFETIME,
                        CoreTestConfig.MARGIN,
                        CoreTestConfig.RETENTION),
                Map.of(GROUP, client),
                store,
                (attempt, group) -> URI.create(base + tokens.mint(attempt)),
                time.clock());
        compensator =
                CoreTestConfig.start(CoreTestConfig.compensator(Duration.ofDays(25), 100), subscriber, store, time);
        alarm.set(Optional.of(compensator));
        if (fetchesDetails) {
            store.details().setGroups(Set.of(GROUP));
            details = Optional.of(DetailFetcher.start(subscriber, store, time.clock()));
        }
        time.advance(Duration.ofMinutes(2));
    }

    /// Restarts the core; nothing in memory survives.
    void restart() {
        stop();
        start();
    }

    Mailbox state() {
        return store.mailboxes().find(ADA).orElseThrow();
    }

    /// Lets Exchange forget the subscription and refuse the next watermark. Only a resync finds later events.
    void forgetSubscription() {
        exchange.moveMailbox(ADA);
    }

    /// Schedules a new subscription of the mailbox, due now.
    void resubscribe() {
        compensate(SubscribeReason.OPERATOR, false);
    }

    /// Schedules a resync of the mailbox from a new subscription, due now.
    void resync() {
        compensate(SubscribeReason.OPERATOR, true);
    }

    /// Schedules a new subscription of the mailbox, as after a silence.
    void loseSubscription() {
        compensate(SubscribeReason.SILENCE, false);
    }

    private void compensate(SubscribeReason reason, boolean resync) {
        var next = new PendingCompensation(reason, time.clock().instant(), resync, "asked");
        store.subscriptions().scheduleCompensation(state().id(), next);
        compensator.raise(state().id());
        time.advance(Duration.ofMinutes(2));
    }

    List<JournalEvent> journal() {
        return store.journal().read(JournalPosition.START, 1000);
    }

    /// Returns the announced events of items and folders: origin, type and the id, if any.
    List<String> announced() {
        return journal().stream()
                .filter(event -> event.data() instanceof EventData.Change)
                .map(event -> event.origin().map(EventOrigin::name).orElse("") + " "
                        + event.type().replace("mailbox.", "") + " "
                        + ((EventData.Change) event.data()).target().id())
                .toList();
    }

    /// Returns the fields of the newest event of this type.
    Map<String, Object> newest(String type) {
        return journal().reversed().stream()
                .filter(event -> event.type().equals(type))
                .map(event -> ((EventData.Lifecycle) event.data()).fields())
                .findFirst()
                .orElseThrow(() -> new AssertionError("Nothing of " + type + " in " + journal()));
    }

    /// Returns the learned offset of Exchange's clock.
    Duration clockOffset() {
        return client.exchangeClock().latestOffset().orElseThrow();
    }

    void awaitTold(String line) {
        await().until(() -> announced().contains(line));
    }

    List<LoggedRequest> requests(String operation) {
        return exchange.requests().stream()
                .filter(each -> each.operation().equals(operation))
                .toList();
    }

    private void stop() {
        details.ifPresent(DetailFetcher::close);
        compensator.close();
        client.close();
        listener.close();
        store.close();
    }

    @Override
    public void close() {
        stop();
        exchange.close();
        traffic.check();
    }
}
