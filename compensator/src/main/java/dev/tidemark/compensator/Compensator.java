package dev.tidemark.compensator;

import dev.tidemark.compensator.CompensatorCounters.FallbackCounters;
import dev.tidemark.compensator.CompensatorCounters.UpkeepCounters;
import dev.tidemark.compensator.schedule.DutyGate;
import dev.tidemark.store.CompensationTrigger;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.values.DurationHistogram;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps every mailbox subscribed: finds each need (first subscription, silence, pending compensation), carries
/// out the repair and records the result. Started by the daemon after the listener accepts callbacks. Checks
/// every mailbox at the start and changes only those with a need. Thread-safe.
public final class Compensator implements CompensationTrigger, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Compensator.class);

    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(5);

    private final MailboxSubscriber subscriber;
    private final SilencePolicy silencePolicy;
    private final OperatorRequests requests;
    private final DutyGate gate;
    private final CompensationDispatcher dispatcher;
    private final FallbackCoordinator fallback;
    private final MailboxSweeper sweeper;
    private final UpkeepScheduler upkeep;
    private final CompensatorTasks tasks;

    /// Duty of this process to do the timed work, which one node of a cluster does at a time.
    ///
    /// @param isHere false while another node does it; then this compensator starts nothing
    /// @param pendingCheck interval in which pending compensations are read from the store. It limits the delay
    ///     after a lost trigger or a failed round, and after a trigger on another node.
    public record Duty(BooleanSupplier isHere, Duration pendingCheck) {
        /// Duty of a process without other nodes.
        public static final Duty ALONE = new Duty(() -> true, Duration.ofMinutes(1));
    }

    private Compensator(CompensatorParts parts) {
        this.subscriber = parts.subscriber;
        this.silencePolicy = parts.silencePolicy;
        this.requests = parts.requests;
        this.gate = parts.gate;
        this.dispatcher = parts.dispatcher;
        this.fallback = parts.fallback;
        this.sweeper = parts.sweeper;
        this.upkeep = parts.upkeep;
        this.tasks = parts.tasks;
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
        return start(config, subscriber, store, clock, CompensatorParts.Scheduling.defaults(duty));
    }

    static Compensator start(
            CompensatorConfig config,
            MailboxSubscriber subscriber,
            WatermarkStore store,
            Clock clock,
            CompensatorParts.Scheduling scheduling) {
        var compensator = new Compensator(new CompensatorParts(config, subscriber, store, clock, scheduling));
        if (compensator.gate.isOnDuty()) {
            compensator.sweeper.checkAllNow();
        }
        compensator.tasks.start();
        return compensator;
    }

    /// Returns whether no task, repair, poll or sync runs on this node.
    public boolean isIdle() {
        return gate.isIdle();
    }

    /// Checks every mailbox, because this node now does the timed work. Called once the duty is here.
    public void takeOver() {
        sweeper.checkAllNow();
        tasks.wakeAllAgain();
    }

    /// Checks the mailbox now and ends its hold. Does nothing without the duty: the node that has it finds the
    /// pending work in the store.
    @Override
    public void raise(MailboxId mailbox) {
        if (gate.isOnDuty()) {
            sweeper.checkNow(mailbox);
            tasks.wakeSweep();
        }
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

    /// Checks every mailbox soon, after a change of settings.
    ///
    /// @param renewed true for groups whose connection has changed; holds of their mailboxes end
    public void recheck(Predicate<String> renewed) {
        if (gate.isOnDuty()) {
            sweeper.recheckAll(renewed);
            tasks.wakeSweep();
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

    /// Returns the progress of a mass recovery; empty if none is running.
    public Optional<RecoveryProgress> recovery() {
        return dispatcher.recovery();
    }

    /// Returns the durations of the sweeps of this node.
    public DurationHistogram.Reading sweeps() {
        return sweeper.durations();
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
        tasks.close();
        fallback.close();
        if (!gate.awaitEnd(SHUTDOWN_TIMEOUT)) {
            log.info(
                    "Some repairs did not finish within {} s; they continue at the next start",
                    SHUTDOWN_TIMEOUT.toSeconds());
        }
    }
}
