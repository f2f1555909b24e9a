package dev.tidemark.compensator;

import dev.tidemark.compensator.CompensatorCounters.FallbackCounters;
import dev.tidemark.compensator.CompensatorCounters.UpkeepCounters;
import dev.tidemark.compensator.schedule.DutyGate;
import dev.tidemark.compensator.schedule.QuartzTaskScheduler;
import dev.tidemark.compensator.schedule.TaskScheduler;
import dev.tidemark.compensator.schedule.WokenTask;
import dev.tidemark.store.CompensationTrigger;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxSummary;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.values.DurationHistogram;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps every mailbox subscribed: finds each need (first subscription, silence, pending compensation), carries
/// out the repair and records the result. Started by the daemon after the listener accepts callbacks. Checks
/// every mailbox at the start and changes only those with a need. Thread-safe.
public final class Compensator implements CompensationTrigger, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Compensator.class);

    private static final String RETENTION = "retention";
    private static final String DISCOVERY = "discovery";
    private static final Duration DISCOVERY_FIRST = Duration.ofMinutes(5);
    private static final Duration DISCOVERY_EVERY = Duration.ofMinutes(10);

    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(5);

    private static final int MIN_FIRST_LIMIT = 64;
    private static final int FIRST_PER_PERMIT = 4;

    private final WatermarkStore store;
    private final StoreOutageTracker outages = new StoreOutageTracker();
    private final SilencePolicy silencePolicy;
    private final CompensationDispatcher dispatcher;
    private final OperatorRequests requests;
    private final Optional<CohortMonitor> cohortMonitor;
    private final FallbackCoordinator fallback;
    private final UpkeepScheduler upkeep;
    private final MailboxSubscriber subscriber;
    private final Clock clock;
    private final Duration pendingCheck;
    private final DutyGate gate;
    private final WokenTask sweep;
    private final WokenTask fallbackPolls;
    private final WokenTask syncs;
    private final TaskScheduler schedule;
    /// written by the sweep thread only
    private volatile Instant lastPendingCheckAt;
    private final DurationHistogram sweeps = DurationHistogram.ofOperations();

    /// Duty of this process to do the timed work, which one node of a cluster does at a time.
    ///
    /// @param isHere false while another node does it; then this compensator starts nothing
    /// @param pendingCheck interval in which pending compensations are read from the store. It limits the delay
    ///     after a lost trigger or a failed round, and after a trigger on another node.
    public record Duty(BooleanSupplier isHere, Duration pendingCheck) {
        /// Duty of a process without other nodes.
        public static final Duty ALONE = new Duty(() -> true, Duration.ofMinutes(1));
    }

    /// Scheduler, worker threads and duty of the compensator.
    ///
    /// @param random numbers from 0 (inclusive) to 1 (exclusive), which spread the repairs
    record Scheduling(TaskScheduler.Factory schedulers, ExecutorService workers, DoubleSupplier random, Duty duty) {
        Scheduling(TaskScheduler.Factory schedulers, ExecutorService workers) {
            this(schedulers, workers, Scheduling::systemRandom, Duty.ALONE);
        }

        private static double systemRandom() {
            return ThreadLocalRandom.current().nextDouble();
        }

        static Scheduling defaults(Duty duty) {
            // each thread blocks on one request; the connections limit their number
            return new Scheduling(
                    QuartzTaskScheduler::prepare,
                    Executors.newThreadPerTaskExecutor(
                            Thread.ofVirtual().name("compensation-", 0).factory()),
                    Scheduling::systemRandom,
                    duty);
        }
    }

    private Compensator(
            CompensatorConfig config,
            MailboxSubscriber subscriber,
            WatermarkStore store,
            Clock clock,
            Scheduling scheduling) {
        this.store = store;
        this.silencePolicy = config.silencePolicy();
        this.subscriber = subscriber;
        this.clock = clock;
        this.lastPendingCheckAt = clock.instant();
        this.pendingCheck = scheduling.duty().pendingCheck();
        this.gate = new DutyGate(scheduling.duty().isHere(), scheduling.workers());
        var sweepInterval = config.sweepInterval();
        this.sweep = new WokenTask("sweep", sweepInterval, gate, clock);
        this.fallbackPolls = new WokenTask("fallback", sweepInterval, gate, clock);
        this.syncs = new WokenTask("upkeep", sweepInterval, gate, clock);
        var pushRecoveries = new PushRecoveryTracker();
        var silenceRegistry = new CohortSilenceRegistry();
        var silenceSources = new CompensationPlanner.SilenceSources(outages, silenceRegistry, pushRecoveries);
        var planner = new CompensationPlanner(store.mailboxes(), subscriber::plan, config, silenceSources, clock);
        var repairs = new SubscriberCompensationExecutor(
                subscriber, store, config.fallbackPolicy(), this::onPushSuspended, clock);
        this.requests = new OperatorRequests(clock);
        var collaborators = new CompensationDispatcher.Collaborators(
                gate,
                scheduling.random(),
                subscriber::backoffUntil,
                connection -> firstLimit(subscriber.limits(connection)));
        this.dispatcher = new CompensationDispatcher(
                planner, new DutyBoundExecutor(repairs, gate::isOnDuty), collaborators, requests, config, clock);
        this.cohortMonitor = config.cohort()
                ? Optional.of(new CohortMonitor(
                        store,
                        new CohortEvidenceCollector(store, this::heartbeatInterval, config.grace()),
                        silenceRegistry,
                        dispatcher::checkNow))
                : Optional.empty();
        this.fallback = new FallbackCoordinator(
                config.fallback(),
                subscriber,
                store,
                pushRecoveries,
                dispatcher,
                new FallbackCoordinator.Collaborators(gate, clock));
        this.upkeep = new UpkeepScheduler(
                store, subscriber::refreshSyncStates, config.retention().delivered(), gate, clock);
        var retention = new RetentionPruner(store, config.retention(), clock, gate::isStopping);
        this.schedule = scheduling
                .schedulers()
                .create(List.of(
                        sweep.scheduled(Duration.ZERO, this::runSweep),
                        fallbackPolls.scheduled(Duration.ZERO, this::runFallback),
                        syncs.scheduled(sweepInterval, () -> upkeep.tick(syncs::wake)),
                        task(RETENTION, retention.firstDelay(), retention.interval(), retention::run),
                        task(DISCOVERY, DISCOVERY_FIRST, DISCOVERY_EVERY, subscriber::refreshLocations)));
        List.of(sweep, fallbackPolls, syncs).forEach(task -> task.wakeThrough(schedule));
    }

    /// Returns a connection's limit of first subscriptions in flight. It exceeds the permits, because some of the
    /// subscriptions wait for the store.
    private static int firstLimit(ConnectionLimits limits) {
        return Math.max(MIN_FIRST_LIMIT, FIRST_PER_PERMIT * limits.concurrency());
    }

    private TaskScheduler.Task task(String name, Duration first, Duration every, Runnable work) {
        return new TaskScheduler.Task(name, first, every, () -> gate.runOnDuty(work));
    }

    /// Returns whether no task, repair, poll or sync runs on this node.
    public boolean isIdle() {
        return gate.isIdle();
    }

    /// Checks every mailbox, because this node now does the timed work. Called once the duty is here.
    public void takeOver() {
        checkAllNow();
        sweep.wakeAgain();
        fallbackPolls.wakeAgain();
        syncs.wakeAgain();
    }

    /// Starts the compensator.
    ///
    /// @throws dev.tidemark.compensator.schedule.TaskSchedulerException if the scheduler cannot start
    public static Compensator start(
            CompensatorConfig config, MailboxSubscriber subscriber, WatermarkStore store, Clock clock) {
        return start(config, subscriber, store, clock, Duty.ALONE);
    }

    /// Starts the compensator of a node, which works while the duty is here.
    ///
    /// @throws dev.tidemark.compensator.schedule.TaskSchedulerException if the scheduler cannot start
    public static Compensator start(
            CompensatorConfig config, MailboxSubscriber subscriber, WatermarkStore store, Clock clock, Duty duty) {
        return start(config, subscriber, store, clock, Scheduling.defaults(duty));
    }

    static Compensator start(
            CompensatorConfig config,
            MailboxSubscriber subscriber,
            WatermarkStore store,
            Clock clock,
            Scheduling scheduling) {
        var compensator = new Compensator(config, subscriber, store, clock, scheduling);
        if (compensator.gate.isOnDuty()) {
            compensator.checkAllNow();
        }
        compensator.schedule.start();
        return compensator;
    }

    /// Checks the mailbox now and ends its hold. Does nothing without the duty: the node that has it finds the
    /// pending work in the store.
    @Override
    public void raise(MailboxId mailbox) {
        if (!gate.isOnDuty()) {
            return;
        }
        dispatcher.checkNow(mailbox);
        store.mailboxes().find(mailbox).ifPresent(this::startFallbackIfDegraded);
        sweep.wake();
    }

    /// Runs the pending work of an operator's request at once: one request at a time probes a connection that
    /// backs off or was refused. Logs the outcome and keeps it for [#request(MailboxId)].
    ///
    /// @param action `resubscribe`, `resync` or `resume`
    /// @param said reason that the operator gave, if any
    public void request(MailboxId mailbox, String action, String said) {
        if (gate.isOnDuty()) {
            requests.add(mailbox, action, said);
            raise(mailbox);
        }
    }

    /// Returns the latest operator request for the mailbox since the start.
    public Optional<OperatorRequest> request(MailboxId mailbox) {
        return requests.latest(mailbox);
    }

    /// Returns the time from which the mailbox counts as silent without another callback. Empty if it has no
    /// subscription, or push is suspended for it.
    public Optional<Instant> silentAt(Mailbox mailbox) {
        return subscriber
                .plan(mailbox.membership().group())
                .filter(plan -> mailbox.live().isPresent() && mailbox.degraded().isEmpty())
                .map(plan -> silencePolicy.silentAt(mailbox, plan.statusFrequency()));
    }

    /// Returns the next step of the mailbox in words for operators.
    public NextStep nextStep(Mailbox mailbox) {
        return dispatcher.nextStep(mailbox.id());
    }

    private Optional<Duration> heartbeatInterval(Mailbox mailbox) {
        return subscriber.plan(mailbox.membership().group()).map(GroupSubscriptionConfig::statusFrequency);
    }

    /// Returns the progress of a mass recovery; empty if none is running.
    public Optional<RecoveryProgress> recovery() {
        return dispatcher.recovery();
    }

    /// Returns the durations of the sweeps of this node.
    public DurationHistogram.Reading sweeps() {
        return sweeps.reading();
    }

    public CompensatorCounters counters() {
        return dispatcher.counters();
    }

    public UpkeepCounters upkeepCounters() {
        return upkeep.counters();
    }

    public FallbackCounters fallbackCounters() {
        return fallback.counters();
    }

    /// Starts nothing more, and waits up to five seconds for responses of Exchange. Unfinished repairs stay
    /// pending in the store.
    @Override
    public void close() {
        gate.stop();
        // a waiting request would block the scheduler
        subscriber.stop();
        schedule.close();
        fallback.close();
        if (!gate.awaitEnd(SHUTDOWN_TIMEOUT)) {
            log.info(
                    "Some repairs did not finish within {} s; they continue at the next start",
                    SHUTDOWN_TIMEOUT.toSeconds());
        }
    }

    private void runSweep() {
        var started = System.nanoTime();
        sweepOnce();
        sweeps.recordNanos(System.nanoTime() - started);
    }

    private void sweepOnce() {
        if (outages.observe(store.intake().accepting(), clock.instant())) {
            log.info("The store accepts callbacks again; checking all mailboxes");
            checkAllNow();
        }
        cohortMonitor.ifPresent(
                each -> each.check(clock.instant(), store.intake().accepting()));
        checkPendingCompensations();
        dispatcher.tick(sweep::wake).ifPresent(sweep::wakeAt);
    }

    private void checkAllNow() {
        // one after the other: the full state of many mailboxes takes tens of megabytes
        store.mailboxes().summaries().map(MailboxSummary::id).sorted().forEach(id -> {
            dispatcher.checkNow(id);
            store.mailboxes().find(id).ifPresent(this::startFallbackIfDegraded);
        });
    }

    /// Checks every mailbox soon, after a change of settings.
    ///
    /// @param renewed true for groups whose connection has changed; holds of their mailboxes end
    public void recheck(Predicate<String> renewed) {
        if (!gate.isOnDuty()) {
            return;
        }
        store.mailboxes().all().forEach(mailbox -> {
            if (renewed.test(mailbox.membership().group())) {
                dispatcher.checkNow(mailbox.id());
            } else {
                dispatcher.enqueueCheck(mailbox.id());
            }
            startFallbackIfDegraded(mailbox);
        });
        sweep.wake();
    }

    private void checkPendingCompensations() {
        var now = clock.instant();
        // the clock may have been set back
        if (Duration.between(lastPendingCheckAt, now).abs().compareTo(pendingCheck) < 0) {
            return;
        }
        lastPendingCheckAt = now;
        store.mailboxes().withPendingWork().forEach(dispatcher::enqueueCheck);
    }

    private void startFallbackIfDegraded(Mailbox mailbox) {
        if (mailbox.degraded().isPresent()) {
            fallback.enqueueCheck(mailbox.id());
        }
    }

    private void onPushSuspended(MailboxId mailbox) {
        fallback.enqueueCheck(mailbox);
        fallbackPolls.wake();
    }

    private void runFallback() {
        fallback.tick(fallbackPolls::wake).ifPresent(fallbackPolls::wakeAt);
    }
}
