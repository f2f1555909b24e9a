package dev.tidemark.reactions;

import static org.awaitility.Awaitility.await;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.HttpEwsClient;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.listener.CallbackListener;
import dev.tidemark.listener.CallbackTokenCodec;
import dev.tidemark.simulator.LoggedRequest;
import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.schedule.ManualScheduler;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.config.SubscriberConfig;
import dev.tidemark.testsupport.ExchangeTraffic;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// Store, listener, subscriber and compensator on one manual clock, over HTTP with a simulated Exchange. Each
/// case has a separate connection with two mailboxes: its target and a bystander.
final class ConnectionPairTestBed implements AutoCloseable {

    private final List<ResponseCase> cases;
    private final ExchangeTraffic traffic = new ExchangeTraffic();
    private final ManualScheduler time = new ManualScheduler(Instant.parse("2026-11-01T09:00:00Z"));
    private final SimulatedExchange exchange =
            SimulatedExchange.start(SimulatorConfig.defaults().withBodies(traffic::add), time);
    private final Map<String, EwsClient> clients = new LinkedHashMap<>();
    private final AtomicReference<Optional<Compensator>> alarm = new AtomicReference<>(Optional.empty());
    private final AtomicInteger raised = new AtomicInteger();
    private final WatermarkStore store;
    private final CallbackListener listener;
    private final MailboxSubscriber subscriber;
    private final Compensator compensator;

    ConnectionPairTestBed(Path folder, List<ResponseCase> cases) {
        this.cases = List.copyOf(cases);
        store = StoreFactory.open(CoreTestConfig.store(folder), time.clock());
        enrol();
        var tokens = new CallbackTokenCodec(new byte[32], List.of());
        listener = CallbackListener.start(CoreTestConfig.listener(), store, tokens, this::raise, time.clock());
        var base = "http://127.0.0.1:" + listener.port() + "/ews/notifications/";
        subscriber = new MailboxSubscriber(
                subscriberConfig(),
                clients,
                store,
                (attempt, group) -> URI.create(base + tokens.mint(attempt)),
                time.clock());
        compensator =
                CoreTestConfig.start(CoreTestConfig.compensator(Duration.ofDays(3), 100_000), subscriber, store, time);
        alarm.set(Optional.of(compensator));
    }

    void advance(Duration by) {
        time.advance(by);
    }

    Instant now() {
        return time.clock().instant();
    }

    boolean isSubscribed(MailboxAddress mailbox) {
        return store.mailboxes().find(mailbox).orElseThrow().live().isPresent();
    }

    static MailboxAddress victim(int number) {
        return new MailboxAddress("victim" + number + "@example.com");
    }

    static MailboxAddress bystander(int number) {
        return new MailboxAddress("bystander" + number + "@example.com");
    }

    /// Schedules a resubscribe of the mailbox from its watermark, or a resync.
    void request(MailboxAddress mailbox, boolean resync) {
        var id = store.mailboxes().find(mailbox).orElseThrow().id();
        store.subscriptions()
                .scheduleCompensation(id, new PendingCompensation(SubscribeReason.OPERATOR, now(), resync, "asked"));
        compensator.raise(id);
    }

    void injectFault(int number, ResponseCase.How how) {
        switch (how) {
            case ResponseCase.How.Answer answer ->
                exchange.faults().respondWith(answer.operation(), victim(number), answer.trouble());
            case ResponseCase.How.Callback callback -> exchange.failSubscriptions(victim(number), callback.code());
        }
    }

    private void raise(MailboxId mailbox) {
        alarm.get().ifPresent(each -> each.raise(mailbox));
        raised.incrementAndGet();
    }

    /// Waits for error callbacks, which come on separate threads and are acknowledged before their effects.
    void awaitCallbacks(long count) {
        await().until(() -> raised.get() >= count);
    }

    /// Returns the requests for this mailbox.
    List<LoggedRequest> requests(MailboxAddress mailbox) {
        return exchange.requests().stream()
                .filter(request -> request.mailbox().filter(mailbox::equals).isPresent())
                .toList();
    }

    /// Returns the mailboxes that need operator action according to the journal.
    List<MailboxAddress> failed() {
        var found = new ArrayList<MailboxAddress>();
        var position = JournalPosition.START;
        for (var page = store.journal().read(position, 1000);
                !page.isEmpty();
                page = store.journal().read(position, 1000)) {
            page.stream()
                    .filter(event -> event.type().equals("subscription.failed"))
                    .flatMap(ConnectionPairTestBed::mailboxOf)
                    .forEach(found::add);
            position = page.getLast().position();
        }
        return found;
    }

    long narrowings(int number) {
        return Optional.ofNullable(subscriber.budgets().get(connection(number)))
                .orElseThrow()
                .limitReductions();
    }

    private static Stream<MailboxAddress> mailboxOf(JournalEvent event) {
        return event.data() instanceof EventData.Lifecycle lifecycle
                ? lifecycle.mailbox().flatMap(EventData.MailboxRef::address).stream()
                : Stream.empty();
    }

    private static String connection(int number) {
        return "c" + number;
    }

    private void enrol() {
        var memberships = new LinkedHashMap<MailboxAddress, GroupMembership>();
        for (var number = 0; number < cases.size(); number++) {
            for (var address : List.of(victim(number), bystander(number))) {
                exchange.addMailbox(address);
                memberships.put(address, new GroupMembership(connection(number), false));
            }
            clients.put(connection(number), HttpEwsClient.connect(client(connection(number)), time.clock()));
        }
        store.mailboxes().enrolAll(memberships);
    }

    private ConnectionConfig client(String name) {
        return CoreTestConfig.connection(name, exchange.url(), 4);
    }

    private SubscriberConfig subscriberConfig() {
        var groups = new ArrayList<GroupSubscriptionConfig>();
        var limits = new LinkedHashMap<String, ConnectionLimits>();
        for (var number = 0; number < cases.size(); number++) {
            groups.add(new GroupSubscriptionConfig(
                    connection(number),
                    connection(number),
                    List.of(new FolderRef.Distinguished("inbox")),
                    Set.of(ChangeKind.NEW_MAIL),
                    cases.get(number).statusFrequency(),
                    URI.create("http://127.0.0.1")));
            limits.put(connection(number), new ConnectionLimits(4, 0));
        }
        return new SubscriberConfig(
                groups, limits, CoreTestConfig.LIFETIME, CoreTestConfig.MARGIN, CoreTestConfig.RETENTION);
    }

    @Override
    public void close() {
        compensator.close();
        clients.values().forEach(EwsClient::close);
        exchange.close();
        listener.close();
        store.close();
        traffic.check();
    }
}
