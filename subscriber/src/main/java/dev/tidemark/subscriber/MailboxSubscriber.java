package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.connection.ConnectionBudget;
import dev.tidemark.subscriber.connection.ConnectionGate;
import dev.tidemark.subscriber.connection.ConnectionLimits;
import dev.tidemark.subscriber.connection.ConnectionStatus;
import dev.tidemark.subscriber.connection.ExchangeGateway;
import dev.tidemark.subscriber.connection.MonotonicTicker;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.subscriber.connection.SubscriberCounters;
import dev.tidemark.subscriber.connection.SubscriberStats;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.subscriber.resync.AddressTypeResolver;
import dev.tidemark.subscriber.resync.FolderResolver;
import dev.tidemark.subscriber.resync.GroupSubscriptionConfig;
import dev.tidemark.subscriber.resync.MailboxFailureTracker;
import dev.tidemark.subscriber.resync.MailboxJob;
import dev.tidemark.subscriber.resync.MailboxJobRunner;
import dev.tidemark.subscriber.resync.MailboxRequestSender;
import dev.tidemark.subscriber.resync.PollResult;
import dev.tidemark.subscriber.resync.RegisteredMembers;
import dev.tidemark.subscriber.resync.ResyncCounters;
import dev.tidemark.subscriber.resync.ResyncProgress;
import dev.tidemark.subscriber.resync.ResyncTracker;
import dev.tidemark.subscriber.resync.Resynchronizer;
import dev.tidemark.subscriber.resync.StalenessPolicy;
import dev.tidemark.subscriber.resync.StartingPoint;
import dev.tidemark.subscriber.resync.SubscriptionRetryPolicy;
import dev.tidemark.subscriber.streaming.StreamConfig;
import dev.tidemark.subscriber.streaming.StreamCoordinator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Subscribes mailboxes, keeps them subscribed when told to, and brings back what was missed.
///
/// Every call blocks its thread, meant to be a virtual one, until Exchange has answered. Many mailboxes may
/// be under way at once, each by one caller at a time. It tries once a call; when to try again is in the
/// answer, and what is owed is in the store.
public final class MailboxSubscriber {
    private final Map<String, ConnectionGate> gates;
    private final WatermarkStore store;
    private final StalenessPolicy trust;
    private final SubscribeAttemptRunner attempts;
    private final ResyncTracker resyncs;
    private final Resynchronizer resynchroniser;
    private final SubscriptionRetryPolicy setbacks;
    private final MailboxJobRunner jobs;
    private final FolderResolver finder;
    private final SubscriberConfig config;
    private final SubscriberStats tally = new SubscriberStats();
    private final Clock clock;

    /// `connections` holds one client for every connection that a group names; they stay the caller's to
    /// close, after [#stop].
    public MailboxSubscriber(
            SubscriberConfig config,
            Map<String, EwsClient> connections,
            WatermarkStore store,
            CallbackUrlFactory urls,
            Clock clock) {
        this(
                config,
                connections,
                store,
                urls,
                clock,
                () -> ThreadLocalRandom.current().nextDouble(),
                MonotonicTicker.SYSTEM);
    }

    public MailboxSubscriber(
            SubscriberConfig config,
            Map<String, EwsClient> connections,
            WatermarkStore store,
            CallbackUrlFactory urls,
            Clock clock,
            DoubleSupplier chance,
            MonotonicTicker ticker) {
        this.config = config;
        this.store = store;
        this.clock = clock;
        this.gates = new HashMap<>();
        var members = new RegisteredMembers(store.mailboxes(), this::plan);
        this.jobs = new MailboxJobRunner(config.groups(), gates, store);
        var circumstances = new ConnectionGate.Circumstances(
                clock, chance, ticker, store.journal()::appendInstanceEvent, store.exchangeOffsets(), members);
        connections.forEach((name, client) ->
                gates.put(name, new ConnectionGate(name, client, config.limitsOf(name), tally, circumstances)));
        this.trust = new StalenessPolicy(config.watermarkLifetime(), config.resyncMargin(), config.retention());
        this.finder = new FolderResolver(clock);
        var troubles = new MailboxFailureTracker();
        this.setbacks = new SubscriptionRetryPolicy(
                store.subscriptions(), new AddressTypeResolver(members), troubles, clock, chance);
        this.attempts = new SubscribeAttemptRunner(
                store, urls, new SubscribeAttemptRunner.Collaborators(trust, setbacks, troubles, finder), clock);
        this.resyncs = new ResyncTracker(store.journal());
        this.resynchroniser =
                new Resynchronizer(store, trust, setbacks, new Resynchronizer.Collaborators(resyncs, finder), clock);
    }

    /// Subscribes the mailbox: from its watermark where that can be trusted, else without, followed by a
    /// resync. A resync that is owed already is done too.
    public SubscriptionOutcome subscribe(MailboxId mailbox, SubscribeReason reason) {
        return jobs.run(mailbox, reason, Function.identity(), (found, job) -> {
            oweSnapshot(found, job);
            return subscribed(job, trust.startingPoint(found, clock));
        });
    }

    /// Runs `work` for a mailbox at an operator's request. Its requests ignore back-offs of the connection, and
    /// use credentials again that were refused recently.
    public <T> T letThrough(MailboxId mailbox, Supplier<T> work) {
        return jobs.job(mailbox, SubscribeReason.OPERATOR)
                .map(job -> job.gate().letThrough(job.address(), work))
                .orElseGet(work);
    }

    private void oweSnapshot(Mailbox mailbox, MailboxJob job) {
        if (mailbox.watermark().isEmpty() && mailbox.live().isEmpty()) {
            var since = job.plan().snapshot().since(clock.instant());
            since.ifPresent(moment -> store.resyncs().oweSnapshot(mailbox.id(), moment));
        }
    }

    /// Reads all folders of a subscribed mailbox on from their sync states: for the snapshot that is owed, or to
    /// keep states from growing too old. It goes last in every budget, and steps aside for whatever else the
    /// mailbox needs; another call goes on where this one ended.
    public SubscriptionOutcome lookOver(MailboxId mailbox) {
        return jobs.runAside(
                mailbox,
                SubscribeReason.INITIAL,
                Function.identity(),
                (found, job) -> resynchroniser.lookOver(
                        MailboxRequestSender.aside(job, RequestPriority.SNAPSHOT, jobs.oneAtATime()), found));
    }

    /// Resynchronises the mailbox. It goes on with a resync that is owed if a subscription lives and nothing
    /// speaks against it; otherwise it subscribes first, without the watermark.
    public SubscriptionOutcome resync(MailboxId mailbox, SubscribeReason reason) {
        return jobs.run(
                mailbox,
                reason,
                Function.identity(),
                (found, job) -> resumable(found)
                        ? owed(job, new SubscriptionOutcome.Subscribed())
                        : subscribed(job, trust.afresh(found, "a resync is asked for")));
    }

    /// Looks for what is new in a mailbox whose push does not work.
    public PollResult poll(MailboxId mailbox) {
        return look(mailbox, EventOrigin.POLL);
    }

    PollResult look(MailboxId mailbox, EventOrigin origin) {
        return jobs.run(mailbox, SubscribeReason.SILENCE, PollResult::not, (found, job) -> {
            if (found.degraded().isEmpty()) {
                return PollResult.not(new SubscriptionOutcome.Skipped("its push works"));
            }
            tally.polled.increment();
            return resynchroniser.poll(job, found.degraded().get(), origin);
        });
    }

    /// A way to learn of events in mailboxes whose push does not work. `restored` is told the connection and
    /// the mailbox when push is back.
    public StreamCoordinator streams(StreamConfig streaming, BiConsumer<String, MailboxId> restored) {
        var threads = Thread.ofVirtual().name("stream-", 0).factory();
        var surroundings = new StreamCoordinator.Dependencies(
                store,
                this::seat,
                mailbox -> look(mailbox, EventOrigin.STREAM),
                setbacks,
                finder,
                task -> threads.newThread(task).start(),
                clock);
        return new StreamCoordinator(streaming, surroundings, restored);
    }

    private Optional<StreamCoordinator.Assignment> seat(MailboxId id) {
        return jobs.job(id, SubscribeReason.SILENCE)
                .map(job -> new StreamCoordinator.Assignment(job, job.plan().connection()));
    }

    /// The limits of a connection.
    public ConnectionLimits limits(String connection) {
        return config.limitsOf(connection);
    }

    /// The plan of a group, if configuration has it.
    public Optional<GroupSubscriptionConfig> plan(String group) {
        return jobs.plan(group);
    }

    /// The way to an Exchange organisation, for whatever else is wanted of it; none if there is no connection
    /// of this name.
    public Optional<ExchangeGateway> exchange(String connection) {
        return Optional.ofNullable(gates.get(connection));
    }

    /// Asks autodiscover again about mailboxes whose last answer is too old, within each connection's limits.
    public void refreshWhereabouts() {
        gates.values().forEach(gate -> {
            try {
                gate.refreshWhereabouts();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    public SubscriberCounters counters() {
        return tally.snapshot();
    }

    public ResyncCounters resyncCounters() {
        return resyncs.counters();
    }

    /// How far a mailbox's resync has got, if one is under way or was interrupted.
    public Optional<ResyncProgress> resync(MailboxId mailbox) {
        return resyncs.find(mailbox);
    }

    /// The resyncs and snapshots that have been under way for longest, at most so many.
    public Map<MailboxId, ResyncProgress> longestResyncs(int most) {
        return resyncs.longest(most);
    }

    /// Until when nothing at all is sent on a connection.
    public Optional<Instant> heldBackUntil(String connection) {
        return Optional.ofNullable(gates.get(connection)).flatMap(ConnectionGate::heldBackUntil);
    }

    /// Returns the offset of Exchange's clock on a connection; zero until a response has shown it.
    public Duration clockOffset(String connection) {
        return Optional.ofNullable(gates.get(connection))
                .flatMap(gate -> gate.exchangeClock().latestOffset())
                .orElse(Duration.ZERO);
    }

    /// What is in use of each connection, by name.
    public Map<String, ConnectionBudget> budgets() {
        return gates.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, gate -> gate.getValue().budget()));
    }

    /// Returns the state of each connection, by name.
    public List<ConnectionStatus> connections() {
        return gates.values().stream()
                .map(ConnectionGate::status)
                .sorted(Comparator.comparing(ConnectionStatus::name))
                .toList();
    }

    /// Sends nothing any more: calls under way come back as soon as their present request is answered. What
    /// they had not finished is still owed in the store.
    public void stop() {
        gates.values().forEach(ConnectionGate::stop);
    }

    private SubscriptionOutcome subscribed(MailboxJob job, StartingPoint start) throws InterruptedException {
        var outcome = attempts.run(job, start);
        if (outcome instanceof SubscriptionOutcome.Subscribed) {
            tally.subscribed.increment();
            return owed(job, outcome);
        }
        return outcome;
    }

    private SubscriptionOutcome owed(MailboxJob job, SubscriptionOutcome otherwise) throws InterruptedException {
        var since = store.mailboxes().find(job.id()).flatMap(Mailbox::resyncSince);
        if (since.isEmpty()) {
            return otherwise;
        }
        var outcome = resynchroniser.run(job, since.get());
        if (outcome instanceof SubscriptionOutcome.Resynced) {
            tally.resynced.increment();
        }
        return outcome;
    }

    private boolean resumable(Mailbox mailbox) {
        return mailbox.resyncSince().isPresent()
                && mailbox.live().isPresent()
                && mailbox.due().isEmpty()
                && !(trust.startingPoint(mailbox, clock) instanceof StartingPoint.AfreshAndResync);
    }
}
