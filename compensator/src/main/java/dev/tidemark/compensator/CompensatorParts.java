package dev.tidemark.compensator;

import dev.tidemark.compensator.schedule.DutyGate;
import dev.tidemark.compensator.schedule.QuartzTaskScheduler;
import dev.tidemark.compensator.schedule.TaskScheduler;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/// Parts of a [Compensator], wired in the order of the data flow: planner and repairs, the dispatcher between them,
/// the fallback for mailboxes without push, the sweep, and the tasks that run all of it.
final class CompensatorParts {
    private static final int MIN_FIRST_LIMIT = 64;
    private static final int FIRST_PER_PERMIT = 4;

    final MailboxSubscriber subscriber;
    final SilencePolicy silencePolicy;
    final OperatorRequests requests;
    final DutyGate gate;
    final CompensationDispatcher dispatcher;
    final FallbackCoordinator fallback;
    final MailboxSweeper sweeper;
    final UpkeepScheduler upkeep;
    final CompensatorTasks tasks;

    /// Scheduler, worker threads and duty of the compensator.
    ///
    /// @param random numbers from 0 (inclusive) to 1 (exclusive), which spread the repairs
    record Scheduling(
            TaskScheduler.Factory schedulers, ExecutorService workers, DoubleSupplier random, Compensator.Duty duty) {
        Scheduling(TaskScheduler.Factory schedulers, ExecutorService workers) {
            this(schedulers, workers, Scheduling::systemRandom, Compensator.Duty.ALONE);
        }

        private static double systemRandom() {
            return ThreadLocalRandom.current().nextDouble();
        }

        static Scheduling defaults(Compensator.Duty duty) {
            // each thread blocks on one request; the connections limit their number
            return new Scheduling(
                    QuartzTaskScheduler::prepare,
                    Executors.newThreadPerTaskExecutor(
                            Thread.ofVirtual().name("compensation-", 0).factory()),
                    Scheduling::systemRandom,
                    duty);
        }
    }

    CompensatorParts(
            CompensatorConfig config,
            MailboxSubscriber subscriber,
            WatermarkStore store,
            Clock clock,
            Scheduling scheduling) {
        this.subscriber = subscriber;
        this.silencePolicy = config.silencePolicy();
        this.requests = new OperatorRequests(clock);
        this.gate = new DutyGate(scheduling.duty().isHere(), scheduling.workers());
        var sources = new CompensationPlanner.SilenceSources(
                new StoreOutageTracker(), new CohortSilenceRegistry(), new PushRecoveryTracker());
        var planner = new CompensationPlanner(store.mailboxes(), subscriber::plan, config, sources, clock);
        var repairs = new SubscriberCompensationExecutor(
                subscriber, store, config.fallbackPolicy(), this::onPushSuspended, clock);
        this.dispatcher = new CompensationDispatcher(
                planner,
                new DutyBoundExecutor(repairs, gate::isOnDuty),
                collaborators(scheduling.random()),
                requests,
                config,
                clock);
        this.fallback = new FallbackCoordinator(
                config.fallback(),
                subscriber,
                store,
                sources.pushRecoveries(),
                dispatcher,
                new FallbackCoordinator.Collaborators(gate, clock));
        var detectors =
                new MailboxSweeper.Detectors(sources.outages(), cohortMonitor(config, store, sources.cohortSilence()));
        this.sweeper = new MailboxSweeper(
                store, detectors, dispatcher, fallback, scheduling.duty().pendingCheck(), clock);
        this.upkeep = new UpkeepScheduler(
                store, subscriber::refreshSyncStates, config.retention().delivered(), gate, clock);
        var retention = new RetentionPruner(store, config.retention(), clock, gate::isStopping);
        var work =
                new CompensatorTasks.PeriodicWork(sweeper, fallback, upkeep, retention, subscriber::refreshLocations);
        this.tasks = new CompensatorTasks(scheduling.schedulers(), gate, work, config.sweepInterval(), clock);
    }

    private CompensationDispatcher.Collaborators collaborators(DoubleSupplier random) {
        return new CompensationDispatcher.Collaborators(
                gate, random, subscriber::backoffUntil, connection -> firstLimit(subscriber.limits(connection)));
    }

    /// Returns a connection's limit of first subscriptions in flight. It exceeds the permits, because some of the
    /// subscriptions wait for the store.
    private static int firstLimit(ConnectionLimits limits) {
        return Math.max(MIN_FIRST_LIMIT, FIRST_PER_PERMIT * limits.concurrency());
    }

    private Optional<CohortMonitor> cohortMonitor(
            CompensatorConfig config, WatermarkStore store, CohortSilenceRegistry silenceRegistry) {
        if (!config.cohort()) {
            return Optional.empty();
        }
        var evidence = new CohortEvidenceCollector(store, this::heartbeatInterval, config.grace());
        return Optional.of(new CohortMonitor(store, evidence, silenceRegistry, dispatcher::checkNow));
    }

    private Optional<Duration> heartbeatInterval(Mailbox mailbox) {
        return subscriber.plan(mailbox.membership().group()).map(GroupSubscriptionConfig::statusFrequency);
    }

    private void onPushSuspended(MailboxId mailbox) {
        fallback.enqueueCheck(mailbox);
        tasks.wakeFallback();
    }
}
