package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.watermark.Mailbox;
import dev.tidemark.watermark.MailboxId;
import dev.tidemark.watermark.MailboxState;
import dev.tidemark.watermark.Origin;
import dev.tidemark.watermark.SubscribeReason;
import dev.tidemark.watermark.WatermarkStore;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Subscribes mailboxes, keeps them subscribed when told to, and brings back what was missed.
///
/// Every call blocks its thread, meant to be a virtual one, until Exchange has answered. Many mailboxes may
/// be under way at once, each by one caller at a time. It tries once a call; when to try again is in the
/// answer, and what is owed is in the store.
public final class Subscriber {
    private final Map<String, GroupPlan> groups;
    private final Map<String, ConnectionGate> gates;
    private final WatermarkStore store;
    private final Trust trust;
    private final AttemptRunner attempts;
    private final ResyncRuns resyncs;
    private final Resynchroniser resynchroniser;
    private final Setbacks setbacks;
    private final OneAtATime oneAtATime = new OneAtATime();
    private final SubscriberConfig config;
    private final Tally tally = new Tally();
    private final Clock clock;

    /// `connections` holds one client for every connection that a group names; they stay the caller's to
    /// close, after [#stop].
    public Subscriber(
            SubscriberConfig config,
            Map<String, EwsClient> connections,
            WatermarkStore store,
            CallbackUrls urls,
            Clock clock) {
        this(
                config,
                connections,
                store,
                urls,
                clock,
                () -> ThreadLocalRandom.current().nextDouble(),
                Ticker.SYSTEM);
    }

    Subscriber(
            SubscriberConfig config,
            Map<String, EwsClient> connections,
            WatermarkStore store,
            CallbackUrls urls,
            Clock clock,
            DoubleSupplier chance,
            Ticker ticker) {
        this.config = config;
        this.store = store;
        this.clock = clock;
        this.groups = config.groups().stream().collect(Collectors.toMap(GroupPlan::name, Function.identity()));
        this.gates = new HashMap<>();
        var circumstances =
                new ConnectionGate.Circumstances(clock, chance, ticker, store.journal()::appendInstanceEvent);
        connections.forEach((name, client) ->
                gates.put(name, new ConnectionGate(name, client, config.limitsOf(name), tally, circumstances)));
        this.trust = new Trust(config.watermarkLifetime(), config.resyncMargin(), config.retention());
        var troubles = new Troubles();
        this.setbacks = new Setbacks(
                store.subscriptions(), new NameCheck(store.mailboxes(), this::plan), troubles, clock, chance);
        this.attempts = new AttemptRunner(store, urls, trust, setbacks, troubles, clock);
        this.resyncs = new ResyncRuns(store.journal());
        this.resynchroniser = new Resynchroniser(store, trust, setbacks, resyncs, clock);
    }

    /// Subscribes the mailbox: from its watermark where that can be trusted, else without, followed by a
    /// resync. A resync that is owed already is done too.
    public Outcome subscribe(MailboxId mailbox, SubscribeReason reason) {
        return guarded(
                mailbox,
                reason,
                Function.identity(),
                (found, job) -> subscribed(job, trust.startingPoint(found, clock)));
    }

    /// Resynchronises the mailbox. It goes on with a resync that is owed if a subscription lives and nothing
    /// speaks against it; otherwise it subscribes first, without the watermark.
    public Outcome resync(MailboxId mailbox, SubscribeReason reason) {
        return guarded(
                mailbox,
                reason,
                Function.identity(),
                (found, job) -> resumable(found)
                        ? owed(job, new Outcome.Subscribed())
                        : subscribed(job, trust.afresh(found, "a resync is asked for")));
    }

    /// Looks for what is new in a mailbox whose push does not work.
    public Polled poll(MailboxId mailbox) {
        return look(mailbox, Origin.POLL);
    }

    Polled look(MailboxId mailbox, Origin origin) {
        return guarded(mailbox, SubscribeReason.SILENCE, Polled::not, (found, job) -> {
            if (found.degraded().isEmpty()) {
                return Polled.not(new Outcome.Skipped("its push works"));
            }
            tally.polled.increment();
            return resynchroniser.poll(job, found.degraded().get(), origin);
        });
    }

    /// A way to learn of events in mailboxes whose push does not work. `restored` is told the connection and
    /// the mailbox when push is back.
    public Streams streams(StreamConfig streaming, BiConsumer<String, MailboxId> restored) {
        var threads = Thread.ofVirtual().name("stream-", 0).factory();
        var surroundings = new Streams.Surroundings(
                store,
                this::seat,
                mailbox -> look(mailbox, Origin.STREAM),
                setbacks,
                task -> threads.newThread(task).start(),
                clock);
        return new Streams(streaming, surroundings, restored);
    }

    private Optional<Streams.Seat> seat(MailboxId id) {
        var mailbox = store.mailboxes().find(id).filter(each -> !(each.state() instanceof MailboxState.Paused));
        var plan = mailbox.flatMap(each -> plan(each.membership().group()));
        var gate = plan.flatMap(each -> Optional.ofNullable(gates.get(each.connection())));
        return gate.map(way -> new Streams.Seat(
                Job.of(mailbox.orElseThrow(), plan.orElseThrow(), way, SubscribeReason.SILENCE),
                plan.orElseThrow().connection()));
    }

    /// The limits of a connection.
    public ConnectionLimits limits(String connection) {
        return config.limitsOf(connection);
    }

    /// The plan of a group, if configuration has it.
    public Optional<GroupPlan> plan(String group) {
        return Optional.ofNullable(groups.get(group));
    }

    /// The way to an Exchange organisation, for whatever else is wanted of it; none if there is no connection
    /// of this name.
    public Optional<Exchange> exchange(String connection) {
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

    /// Until when nothing at all is sent on a connection.
    public Optional<Instant> heldBackUntil(String connection) {
        return Optional.ofNullable(gates.get(connection)).flatMap(ConnectionGate::heldBackUntil);
    }

    /// What is in use of each connection, by name.
    public Map<String, ConnectionBudget> budgets() {
        return gates.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, gate -> gate.getValue().budget()));
    }

    /// Sends nothing any more: calls under way come back as soon as their present request is answered. What
    /// they had not finished is still owed in the store.
    public void stop() {
        gates.values().forEach(ConnectionGate::stop);
    }

    @FunctionalInterface
    private interface Step<T> {
        T run(Mailbox mailbox, Job job) throws InterruptedException;
    }

    private <T> T guarded(MailboxId id, SubscribeReason reason, Function<Outcome, T> not, Step<T> step) {
        try {
            oneAtATime.take(id);
            try {
                return taken(id, reason, not, step);
            } finally {
                oneAtATime.leave(id);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return not.apply(new Outcome.Skipped("it was interrupted"));
        }
    }

    private <T> T taken(MailboxId id, SubscribeReason reason, Function<Outcome, T> not, Step<T> step)
            throws InterruptedException {
        var mailbox = store.mailboxes().find(id);
        if (mailbox.isEmpty() || mailbox.get().state() instanceof MailboxState.Paused) {
            return not.apply(new Outcome.Skipped("the mailbox is paused or removed"));
        }
        var plan = groups.get(mailbox.get().membership().group());
        var gate = plan == null ? null : gates.get(plan.connection());
        if (plan == null || gate == null) {
            return not.apply(new Outcome.Skipped("its group is no longer configured"));
        }
        return step.run(mailbox.get(), Job.of(mailbox.get(), plan, gate, reason));
    }

    private Outcome subscribed(Job job, StartingPoint start) throws InterruptedException {
        var outcome = attempts.run(job, start);
        if (outcome instanceof Outcome.Subscribed) {
            tally.subscribed.increment();
            return owed(job, outcome);
        }
        return outcome;
    }

    private Outcome owed(Job job, Outcome otherwise) throws InterruptedException {
        var since = store.mailboxes().find(job.id()).flatMap(Mailbox::resyncSince);
        if (since.isEmpty()) {
            return otherwise;
        }
        var outcome = resynchroniser.run(job, since.get());
        if (outcome instanceof Outcome.Resynced) {
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
