package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.ResyncProgress.ResyncCounters;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.config.StreamConfig;
import dev.tidemark.subscriber.config.SubscriberConfig;
import dev.tidemark.subscriber.connection.ConnectionBudget;
import dev.tidemark.subscriber.connection.ConnectionGate;
import dev.tidemark.subscriber.connection.ConnectionStatus;
import dev.tidemark.subscriber.connection.ExchangeGateway;
import dev.tidemark.subscriber.connection.MonotonicTicker;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.subscriber.connection.SubscriberCounters;
import dev.tidemark.subscriber.connection.SubscriberStats;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Subscribes mailboxes and recovers the events that they missed.
///
/// Every call blocks its thread, which should be virtual, until Exchange has responded. Many mailboxes may be in
/// progress at once; calls for one mailbox run one after the other. A call makes one attempt: its result
/// contains the time of the next one, and the store keeps the pending work. Thread-safe.
public final class MailboxSubscriber implements AutoCloseable {
    private final ConnectionGates gates;
    private final WatermarkStore store;
    private final StalenessPolicy staleness;
    private final SubscribeAttemptRunner attempts;
    private final ResyncTracker resyncs;
    private final Resynchronizer resynchronizer;
    private final SubscriptionRetryPolicy retryPolicy;
    private final MailboxJobRunner jobs;
    private final FolderResolver resolver;
    private volatile SubscriberConfig config;
    private final SubscriberStats stats = new SubscriberStats();
    private final Clock clock;

    /// Creates a subscriber. `connections` has one client for each connection of a group; [#close] closes them.
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
            DoubleSupplier random,
            MonotonicTicker ticker) {
        this.config = config;
        this.store = store;
        this.clock = clock;
        var members = new RegisteredMembers(store.mailboxes(), this::plan);
        this.gates = new ConnectionGates(
                stats,
                new ConnectionGate.Dependencies(
                        clock, random, ticker, store.journal()::appendInstanceEvent, store.exchangeOffsets(), members));
        this.jobs = new MailboxJobRunner(config.groups(), gates, store);
        connections.forEach((name, client) -> gates.put(name, client, config.limitsOf(name)));
        this.staleness = new StalenessPolicy(config.watermarkLifetime(), config.resyncMargin(), config.retention());
        this.resolver = new FolderResolver(clock);
        var failures = new MailboxFailureTracker();
        this.retryPolicy = new SubscriptionRetryPolicy(
                store.subscriptions(), new AddressTypeResolver(members), failures, clock, random);
        this.attempts = new SubscribeAttemptRunner(
                store,
                urls,
                new SubscribeAttemptRunner.Collaborators(staleness, retryPolicy, failures, resolver),
                clock);
        this.resyncs = new ResyncTracker(store.journal());
        this.resynchronizer = new Resynchronizer(
                store, staleness, retryPolicy, new Resynchronizer.Collaborators(resyncs, resolver), clock);
    }

    /// Uses other settings for later calls. Jobs in progress finish with the ones before.
    ///
    /// @param clients new client of each connection that is new or has changed
    public void reconfigure(SubscriberConfig next, Map<String, EwsClient> clients) {
        clients.forEach((name, client) -> gates.put(name, client, next.limitsOf(name)));
        config = next;
        gates.byName().forEach((name, gate) -> gate.setLimits(next.limitsOf(name)));
        jobs.setGroups(next.groups());
        gates.retain(next.limits().keySet());
    }

    /// Subscribes the mailbox: from its watermark if that is valid, else without it, followed by a resync. Also
    /// runs a pending resync.
    public SubscriptionOutcome subscribe(MailboxId mailbox, SubscribeReason reason) {
        return jobs.run(mailbox, reason, skipped -> skipped, (found, job) -> {
            requestSnapshot(found, job);
            return runAttempt(job, staleness.startingPoint(found, clock));
        });
    }

    /// Runs `work` for a mailbox at the request of an operator. Its requests ignore back-offs of the connection,
    /// and use credentials again that were refused recently.
    public <T> T runIgnoringBackoff(MailboxId mailbox, Supplier<T> work) {
        return jobs.job(mailbox, SubscribeReason.OPERATOR)
                .map(job -> job.gate().runIgnoringBackoff(job.address(), work))
                .orElseGet(work);
    }

    private void requestSnapshot(Mailbox mailbox, MailboxJob job) {
        if (mailbox.watermark().isEmpty() && mailbox.live().isEmpty()) {
            var since = job.plan().snapshot().since(clock.instant());
            since.ifPresent(start -> store.resyncs().requestSnapshot(mailbox.id(), start));
        }
    }

    /// Syncs all folders of a subscribed mailbox from their sync states: for a pending snapshot, or to refresh
    /// the states. Uses the lowest priority, and yields to other jobs of the mailbox. Another call resumes where
    /// this one ended.
    public SubscriptionOutcome refreshSyncStates(MailboxId mailbox) {
        return jobs.runPreemptibly(
                mailbox,
                SubscribeReason.INITIAL,
                skipped -> skipped,
                (found, job) -> resynchronizer.refreshSyncStates(
                        MailboxRequestSender.preemptible(job, RequestPriority.SNAPSHOT, jobs.locks()), found));
    }

    /// Resyncs the mailbox. Resumes a pending resync if the mailbox is subscribed; otherwise subscribes without
    /// the watermark first.
    public SubscriptionOutcome resync(MailboxId mailbox, SubscribeReason reason) {
        return jobs.run(
                mailbox,
                reason,
                skipped -> skipped,
                (found, job) -> canResumeResync(found)
                        ? resyncIfPending(job, new SubscriptionOutcome.Subscribed())
                        : runAttempt(job, staleness.withoutWatermark(found, "a resync is requested")));
    }

    /// Polls a mailbox whose push does not work.
    public PollResult poll(MailboxId mailbox) {
        return poll(mailbox, EventOrigin.POLL);
    }

    PollResult poll(MailboxId mailbox, EventOrigin origin) {
        return jobs.run(mailbox, SubscribeReason.SILENCE, PollResult::skipped, (found, job) -> {
            if (found.degraded().isEmpty()) {
                return PollResult.skipped(new SubscriptionOutcome.Skipped("its push works"));
            }
            stats.polled.increment();
            return resynchronizer.poll(job, found.degraded().get(), origin);
        });
    }

    /// Creates the coordinator of streams for mailboxes whose push does not work. `restored` receives mailboxes
    /// whose push works again.
    public StreamCoordinator streams(StreamConfig streaming, StreamCoordinator.PushRestoredListener restored) {
        var threads = Thread.ofVirtual().name("stream-", 0).factory();
        var dependencies = new StreamCoordinator.Dependencies(
                store,
                this::assignment,
                mailbox -> poll(mailbox, EventOrigin.STREAM),
                retryPolicy,
                resolver,
                task -> threads.newThread(task).start(),
                clock);
        return new StreamCoordinator(streaming, dependencies, restored);
    }

    private Optional<StreamCoordinator.Assignment> assignment(MailboxId id) {
        return jobs.job(id, SubscribeReason.SILENCE)
                .map(job -> new StreamCoordinator.Assignment(job, job.plan().connection()));
    }

    /// Returns the limits of a connection.
    public ConnectionLimits limits(String connection) {
        return config.limitsOf(connection);
    }

    /// Returns the names of the configured groups.
    public Set<String> groups() {
        return jobs.groups();
    }

    /// Returns the settings of a group, if it is configured.
    public Optional<GroupSubscriptionConfig> plan(String group) {
        return jobs.plan(group);
    }

    /// Returns the gateway of a connection for other requests, if there is a connection of this name.
    public Optional<ExchangeGateway> exchange(String connection) {
        return gates.find(connection).map(gate -> gate);
    }

    /// Refreshes outdated locations of mailboxes by autodiscover, within the limits of each connection.
    public void refreshLocations() {
        gates.all().forEach(gate -> {
            try {
                gate.refreshLocations();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    public SubscriberCounters counters() {
        return stats.snapshot();
    }

    public ResyncCounters resyncCounters() {
        return resyncs.counters();
    }

    /// Returns the progress of a resync that is in progress or interrupted.
    public Optional<ResyncProgress> resync(MailboxId mailbox) {
        return resyncs.find(mailbox);
    }

    /// Returns at most `limit` resyncs and snapshots in progress, the oldest first.
    public Map<MailboxId, ResyncProgress> longestResyncs(int limit) {
        return resyncs.longest(limit);
    }

    /// Sends nothing on a connection until then; false if there is no connection of this name.
    public boolean pauseConnection(String connection, Instant until) {
        var gate = gates.find(connection);
        gate.ifPresent(each -> each.pause(until));
        return gate.isPresent();
    }

    /// Ends a pause by [#pauseConnection]; false if there is no connection of this name.
    public boolean resumeConnection(String connection) {
        var gate = gates.find(connection);
        gate.ifPresent(ConnectionGate::resume);
        return gate.isPresent();
    }

    /// Returns the end of the back-off of a connection, if any.
    public Optional<Instant> backoffUntil(String connection) {
        return gates.find(connection).flatMap(ConnectionGate::backoffUntil);
    }

    /// Returns the offset of Exchange's clock on a connection; zero until a response has shown it.
    public Duration clockOffset(String connection) {
        return gates.find(connection)
                .flatMap(gate -> gate.exchangeClock().latestOffset())
                .orElse(Duration.ZERO);
    }

    /// Returns the use of each connection, by name.
    public Map<String, ConnectionBudget> budgets() {
        return gates.byName().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, gate -> gate.getValue().budget()));
    }

    /// Returns the state of each connection, ordered by name.
    public List<ConnectionStatus> connections() {
        return gates.all().stream()
                .map(ConnectionGate::status)
                .sorted(Comparator.comparing(ConnectionStatus::name))
                .toList();
    }

    /// Stops sending. Calls in progress return after their current response. The store keeps their pending work.
    public void stop() {
        gates.stop();
    }

    /// Closes the clients of all connections, after [#stop].
    @Override
    public void close() {
        gates.close();
    }

    private SubscriptionOutcome runAttempt(MailboxJob job, StartingPoint start) throws InterruptedException {
        var outcome = attempts.run(job, start);
        if (outcome instanceof SubscriptionOutcome.Subscribed) {
            stats.subscribed.increment();
            return resyncIfPending(job, outcome);
        }
        return outcome;
    }

    private SubscriptionOutcome resyncIfPending(MailboxJob job, SubscriptionOutcome outcomeWithoutResync)
            throws InterruptedException {
        var since = store.mailboxes().find(job.id()).flatMap(Mailbox::resyncSince);
        if (since.isEmpty()) {
            return outcomeWithoutResync;
        }
        var outcome = resynchronizer.run(job, since.get());
        if (outcome instanceof SubscriptionOutcome.Resynced) {
            stats.resynced.increment();
        }
        return outcome;
    }

    private boolean canResumeResync(Mailbox mailbox) {
        return mailbox.resyncSince().isPresent()
                && mailbox.live().isPresent()
                && mailbox.due().isEmpty()
                && !(staleness.startingPoint(mailbox, clock) instanceof StartingPoint.WithoutWatermark);
    }
}
