package dev.tidemark.compensator;

import dev.tidemark.store.CompensationTrigger;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.resync.GroupSubscriptionConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps every mailbox subscribed: subscribes new ones, notices silence, and has done what the store says is
/// owed. It starts by looking at every mailbox; those that are in order are left alone. Call-backs must be
/// answered by then.
public final class Compensator implements CompensationTrigger, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Compensator.class);

    private static final String SWEEP = "sweep";
    private static final String RETENTION = "retention";
    private static final String DISCOVERY = "discovery";
    private static final Duration DISCOVERY_FIRST = Duration.ofMinutes(5);
    private static final Duration DISCOVERY_EVERY = Duration.ofMinutes(10);
    private static final String FALLBACK = "fallback";
    private static final String UPKEEP = "upkeep";

    /// An alarm may get lost, and so may the plan for a mailbox when a round fails: nobody is forgotten for
    /// longer.
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);
    /// Below it a wake-up costs more than it gains.
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(20);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final WatermarkStore store;
    private final StoreOutageTracker outages = new StoreOutageTracker();
    private final SilencePolicy silenceLaw;
    private final CompensationDispatcher sweep;
    private final OperatorRequests requests;
    private final Optional<CohortMonitor> cohorts;
    private final FallbackCoordinator fallback;
    private final UpkeepScheduler upkeep;
    private final MailboxSubscriber subscriber;
    private final Duration sweepInterval;
    private final Clock clock;
    private final ExecutorService workers;
    private final TaskScheduler schedule;
    /// by the sweep's one thread at a time
    private volatile Instant lookedAtOwing;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final AtomicBoolean fallbackWoken = new AtomicBoolean();
    private final AtomicBoolean upkeepWoken = new AtomicBoolean();
    private final AtomicBoolean stopping = new AtomicBoolean();

    /// How the work is run: when, and on which threads.
    record Machinery(Function<List<TaskScheduler.Task>, TaskScheduler> schedule, ExecutorService workers) {
        static Machinery usual() {
            // one blocking exchange with Exchange each; how many at once is the connections' business
            return new Machinery(
                    QuartzTaskScheduler::prepare,
                    Executors.newThreadPerTaskExecutor(
                            Thread.ofVirtual().name("compensation-", 0).factory()));
        }
    }

    private Compensator(
            CompensatorConfig config,
            MailboxSubscriber subscriber,
            WatermarkStore store,
            Clock clock,
            Machinery machinery) {
        this.store = store;
        this.silenceLaw = config.silenceLaw();
        this.subscriber = subscriber;
        this.sweepInterval = config.sweepInterval();
        this.clock = clock;
        this.lookedAtOwing = clock.instant();
        this.workers = machinery.workers();
        var hopes = new PushRecoveryTracker();
        var condemned = new CohortSilenceRegistry();
        var hearsay = new CompensationPlanner.SilenceSources(outages, condemned, hopes);
        var examiner = new CompensationPlanner(store.mailboxes(), subscriber::plan, config, hearsay, clock);
        var mender = new SubscriberCompensationExecutor(subscriber, store, config.fallbackLaw(), this::givenUp, clock);
        this.requests = new OperatorRequests(clock);
        var help = new CompensationDispatcher.Collaborators(
                workers, () -> ThreadLocalRandom.current().nextDouble(), subscriber::heldBackUntil);
        this.sweep = new CompensationDispatcher(examiner, mender, help, requests, config, clock);
        this.cohorts = config.cohort()
                ? Optional.of(new CohortMonitor(
                        store,
                        new CohortEvidenceCollector(store, this::heartbeatEvery, config.grace()),
                        condemned,
                        sweep::raise))
                : Optional.empty();
        this.fallback = new FallbackCoordinator(
                config.fallback(),
                subscriber,
                store,
                hopes,
                sweep,
                new FallbackCoordinator.Collaborators(workers, clock));
        this.upkeep = new UpkeepScheduler(
                store, subscriber::lookOver, config.retention().delivered(), workers, clock);
        var retention = new RetentionPruner(store, config.retention(), clock, stopping::get);
        this.schedule = machinery
                .schedule()
                .apply(List.of(
                        new TaskScheduler.Task(SWEEP, Duration.ZERO, sweepInterval, this::tick),
                        new TaskScheduler.Task(FALLBACK, Duration.ZERO, sweepInterval, this::fallBack),
                        new TaskScheduler.Task(UPKEEP, sweepInterval, sweepInterval, this::keepUp),
                        new TaskScheduler.Task(RETENTION, retention.first(), retention.every(), retention::run),
                        new TaskScheduler.Task(
                                DISCOVERY, DISCOVERY_FIRST, DISCOVERY_EVERY, subscriber::refreshWhereabouts)));
    }

    /// Begins work at once.
    ///
    /// @throws TaskSchedulerException if there is no schedule to be had
    public static Compensator start(
            CompensatorConfig config, MailboxSubscriber subscriber, WatermarkStore store, Clock clock) {
        return start(config, subscriber, store, clock, Machinery.usual());
    }

    static Compensator start(
            CompensatorConfig config,
            MailboxSubscriber subscriber,
            WatermarkStore store,
            Clock clock,
            Machinery machinery) {
        var compensator = new Compensator(config, subscriber, store, clock, machinery);
        compensator.raiseAll();
        compensator.schedule.start();
        return compensator;
    }

    /// Has the mailbox looked at now, whatever was planned for it.
    @Override
    public void raise(MailboxId mailbox) {
        sweep.raise(mailbox);
        store.mailboxes().find(mailbox).ifPresent(this::watch);
        wake();
    }

    /// Runs the pending work of an operator's request at once: one request at a time probes a connection that
    /// backs off or was refused. Logs the outcome and keeps it for [#request(MailboxId)].
    ///
    /// @param action `resubscribe`, `resync` or `resume`
    /// @param said reason that the operator gave, if any
    public void request(MailboxId mailbox, String action, String said) {
        requests.add(mailbox, action, said);
        raise(mailbox);
    }

    /// Returns the latest operator request for the mailbox since the start.
    public Optional<OperatorRequest> request(MailboxId mailbox) {
        return requests.latest(mailbox);
    }

    /// When the mailbox counts as silent, if nothing is heard until then; empty while it has no
    /// subscription, or push is given up for it.
    public Optional<Instant> silentAt(Mailbox mailbox) {
        return subscriber
                .plan(mailbox.membership().group())
                .filter(plan -> mailbox.live().isPresent() && mailbox.degraded().isEmpty())
                .map(plan -> silenceLaw.silentAt(mailbox, plan.statusFrequency()));
    }

    /// What happens to the mailbox next, for people to read.
    public NextStep outlook(Mailbox mailbox) {
        return sweep.outlook(mailbox.id());
    }

    private Optional<Duration> heartbeatEvery(Mailbox mailbox) {
        return subscriber.plan(mailbox.membership().group()).map(GroupSubscriptionConfig::statusFrequency);
    }

    /// How far a rush of compensations has got; empty while there is none.
    public Optional<RecoveryProgress> rush() {
        return sweep.rush();
    }

    public CompensatorCounters counters() {
        return sweep.counters();
    }

    public UpkeepCounters upkeepCounters() {
        return upkeep.counters();
    }

    public FallbackCounters fallbackCounters() {
        return fallback.counters();
    }

    /// Starts nothing more, and waits up to five seconds for what Exchange is about to answer. What is not
    /// finished by then is still owed in the store.
    @Override
    public void close() {
        stopping.set(true);
        // who waits for a turn would keep the schedule waiting
        subscriber.stop();
        schedule.close();
        fallback.close();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                log.info("Some compensations wait for Exchange still; they are made at the next start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        if (!stopping.get() && woken.compareAndSet(false, true)) {
            schedule.wakeNow(SWEEP);
        }
    }

    private void tick() {
        woken.set(false);
        if (!stopping.get()) {
            if (outages.observe(store.intake().accepting(), clock.instant())) {
                log.info("The store takes call-backs again");
                raiseAll();
            }
            cohorts.ifPresent(each -> each.look(clock.instant(), store.intake().accepting()));
            lookAtOwing();
            sweep.tick(this::wake).ifPresent(next -> wakeAt(SWEEP, next));
        }
    }

    private void raiseAll() {
        store.mailboxes().all().forEach(mailbox -> {
            sweep.raise(mailbox.id());
            watch(mailbox);
        });
    }

    private void lookAtOwing() {
        var now = clock.instant();
        // the clock may have been set back
        if (Duration.between(lookedAtOwing, now).abs().compareTo(LOOK_EVERY) < 0) {
            return;
        }
        lookedAtOwing = now;
        store.mailboxes().withPendingWork().forEach(sweep::look);
    }

    private void watch(Mailbox mailbox) {
        if (mailbox.degraded().isPresent()) {
            fallback.look(mailbox.id());
        }
    }

    private void givenUp(MailboxId mailbox) {
        fallback.look(mailbox);
        wakeFallback();
    }

    private void fallBack() {
        fallbackWoken.set(false);
        if (!stopping.get()) {
            fallback.tick(this::wakeFallback).ifPresent(next -> wakeAt(FALLBACK, next));
        }
    }

    private void keepUp() {
        upkeepWoken.set(false);
        if (!stopping.get()) {
            upkeep.tick(this::wakeUpkeep);
        }
    }

    private void wakeUpkeep() {
        if (!stopping.get() && upkeepWoken.compareAndSet(false, true)) {
            schedule.wakeNow(UPKEEP);
        }
    }

    private void wakeFallback() {
        if (!stopping.get() && fallbackWoken.compareAndSet(false, true)) {
            schedule.wakeNow(FALLBACK);
        }
    }

    private void wakeAt(String task, Instant next) {
        var delay = Duration.between(clock.instant(), next);
        if (delay.compareTo(sweepInterval) < 0) {
            schedule.wakeIn(task, delay.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : delay);
        }
    }
}
