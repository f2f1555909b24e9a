package dev.tidemark.reactions;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.compensator.CompensatorConfig;
import dev.tidemark.ews.AutodiscoverClient;
import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.ews.HttpEwsClient;
import dev.tidemark.ews.config.AutodiscoverConfig;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.simulator.schedule.ManualScheduler;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.config.SubscriberConfig;
import dev.tidemark.subscriber.connection.AutodiscoverEwsClient;
import dev.tidemark.subscriber.connection.MailboxLocator;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Store, subscriber and compensator for one connection, on a manual clock. Callbacks have no listener.
final class SteppedCore implements AutoCloseable {
    static final Duration DAY = Duration.ofDays(1);

    /// Number of mailboxes per autodiscover request.
    static final int BATCH = 3;

    private static final String CONNECTION = "onprem";

    private final ManualScheduler time;
    private final WatermarkStore store;
    private final EwsClient client;
    private final MailboxSubscriber subscriber;
    private final Compensator compensator;

    /// Closes the client of the store with this object.
    SteppedCore(
            Path folder,
            ManualScheduler time,
            BiFunction<WatermarkStore, ManualScheduler, EwsClient> connect,
            List<MailboxAddress> mailboxes) {
        this.time = time;
        store = StoreFactory.open(CoreTestConfig.store(folder), time.clock());
        store.mailboxes()
                .enrolAll(mailboxes.stream()
                        .collect(Collectors.toMap(
                                Function.identity(), ignored -> new GroupMembership("inboxes", false))));
        client = connect.apply(store, time);
        subscriber = new MailboxSubscriber(
                config(new ConnectionLimits(4, 0)),
                Map.of(CONNECTION, client),
                store,
                SteppedCore::callbacks,
                time.clock());
        compensator = CoreTestConfig.start(compensation(), subscriber, store, time);
    }

    /// Uses one address for all mailboxes.
    static BiFunction<WatermarkStore, ManualScheduler, EwsClient> at(URI url) {
        return (store, time) -> HttpEwsClient.connect(connection(url), time.clock());
    }

    /// Uses an autodiscover service whose answers stay valid for this long.
    static BiFunction<WatermarkStore, ManualScheduler, EwsClient> discoveredBy(URI url, Optional<Duration> refresh) {
        return (store, time) -> {
            var discovery = new MailboxLocator(
                    new MailboxLocator.Settings(CONNECTION, Set.of("inboxes"), refresh, BATCH),
                    new AutodiscoverClient(
                            new AutodiscoverConfig(connection(url), List.of(), false),
                            service -> HttpEwsClient.connect(service, time.clock())),
                    store,
                    time.clock());
            return new AutodiscoverEwsClient(
                    discovery,
                    found -> HttpEwsClient.connect(connection(url).withUrl(found), time.clock()),
                    new ExchangeClock(time.clock()));
        };
    }

    WatermarkStore store() {
        return store;
    }

    MailboxSubscriber subscriber() {
        return subscriber;
    }

    Mailbox mailbox(MailboxAddress address) {
        return store.mailboxes().find(address).orElseThrow();
    }

    /// Schedules a resubscribe of the mailbox from its watermark.
    void request(MailboxAddress mailbox) {
        var id = mailbox(mailbox).id();
        var now = time.clock().instant();
        store.subscriptions()
                .scheduleCompensation(id, new PendingCompensation(SubscribeReason.OPERATOR, now, false, "asked"));
        compensator.raise(id);
    }

    List<JournalEvent> events(String type) {
        return store.journal().read(JournalPosition.START, 1000).stream()
                .filter(event -> event.type().equals(type))
                .toList();
    }

    /// Returns a callback URL without a listener.
    static URI callbacks(AttemptId attempt, String group) {
        return URI.create("http://127.0.0.1:1/" + attempt.mailbox() + "/" + attempt.number());
    }

    private static ConnectionConfig connection(URI url) {
        return connection(url, 4);
    }

    static ConnectionConfig connection(URI url, int concurrency) {
        return CoreTestConfig.connection(CONNECTION, url, concurrency);
    }

    static SubscriberConfig config(ConnectionLimits limits) {
        var plan = new GroupSubscriptionConfig(
                "inboxes",
                CONNECTION,
                List.of(new FolderRef.Distinguished("inbox")),
                Set.of(ChangeKind.NEW_MAIL),
                DAY,
                URI.create("http://127.0.0.1"));
        return new SubscriberConfig(
                List.of(plan),
                Map.of(CONNECTION, limits),
                CoreTestConfig.LIFETIME,
                CoreTestConfig.MARGIN,
                CoreTestConfig.RETENTION);
    }

    static CompensatorConfig compensation() {
        return CoreTestConfig.compensator(Duration.ofDays(20), 1000);
    }

    @Override
    public void close() {
        compensator.close();
        client.close();
        store.close();
    }
}
