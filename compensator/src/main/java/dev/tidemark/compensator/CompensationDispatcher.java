package dev.tidemark.compensator;

import dev.tidemark.compensator.CompensationExecutor.RepairOrigin;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.values.LogLineLimiter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the need of each due mailbox and starts the repairs, longest silence first, within the rate. Starts first
/// subscriptions in the order of the checks, a limited number at a time. The sweep thread calls [#tick]. All other
/// threads only leave messages. Guarantees at most one repair per mailbox at a time.
final class CompensationDispatcher {
    private static final Logger log = LoggerFactory.getLogger(CompensationDispatcher.class);

    /// Delay before the next try after an unexpected failure.
    private static final Duration RETRY_DELAY = Duration.ofSeconds(30);

    /// Delay before the next check whether an operator's request may probe its connection.
    private static final Duration OPERATOR_RECHECK = Duration.ofSeconds(1);

    private static final Duration CONNECTION_RECHECK = Duration.ofMinutes(10);

    private sealed interface InboxMessage {
        MailboxId mailbox();

        record CheckNow(MailboxId mailbox) implements InboxMessage {}

        record Check(MailboxId mailbox) implements InboxMessage {}

        record Done(
                MailboxId mailbox,
                String connection,
                Optional<SubscriptionOutcome> outcome,
                Optional<Instant> holdUntil)
                implements InboxMessage {}
    }

    private final CompensationPlanner planner;
    private final CompensationExecutor repairs;
    private final OperatorRequests requests;
    private final Executor threads;
    private final CompensationRateLimiter rateLimiter;
    private final Duration failedRecheck;
    private final CompensatorStats stats = new CompensatorStats();
    private final Clock clock;
    private final LogLineLimiter failureLines = new LogLineLimiter();
    private final Queue<InboxMessage> inbox = new ConcurrentLinkedQueue<>();
    private final MailboxDeadlineQueue deadlines = new MailboxDeadlineQueue();
    private final PendingMailboxQueue pendingMailboxes = new PendingMailboxQueue();
    private final FirstSubscriptionQueue firstSubscriptions;
    private final ConnectionFailures failures = new ConnectionFailures();
    /// written by the sweep thread, read by all
    private final ConnectionCircuitBreaker circuitBreaker;
    private volatile Optional<RecoveryProgress> recovery = Optional.empty();
    private long succeededBefore;
    private final int rate;
    private final Set<MailboxId> inFlight = ConcurrentHashMap.newKeySet();
    private final Map<MailboxId, Instant> holds = new ConcurrentHashMap<>();

    /// Collaborators that start repairs.
    ///
    /// @param threads runs the repairs
    /// @param random numbers from 0 (inclusive) to 1 (exclusive)
    /// @param backoffs back-offs of the connections
    /// @param firstLimits returns the limit of first subscriptions in flight of a connection
    record Collaborators(
            Executor threads,
            DoubleSupplier random,
            ConnectionCircuitBreaker.Backoffs backoffs,
            ToIntFunction<String> firstLimits) {}

    CompensationDispatcher(
            CompensationPlanner planner,
            CompensationExecutor repairs,
            Collaborators collaborators,
            OperatorRequests requests,
            CompensatorConfig config,
            Clock clock) {
        this.planner = planner;
        this.repairs = repairs;
        this.requests = requests;
        this.threads = collaborators.threads();
        this.circuitBreaker = new ConnectionCircuitBreaker(collaborators.backoffs());
        this.firstSubscriptions = new FirstSubscriptionQueue(collaborators.firstLimits());
        this.rate = config.rate();
        this.rateLimiter = new CompensationRateLimiter(rate, collaborators.random());
        this.failedRecheck = config.failedRecheck();
        this.clock = clock;
    }

    /// Makes the next tick check the mailbox and ends its hold. Called by many threads.
    void checkNow(MailboxId mailbox) {
        inbox.add(new InboxMessage.CheckNow(mailbox));
    }

    /// Makes the next tick check the mailbox. A hold of the mailbox stays. Called by many threads.
    void enqueueCheck(MailboxId mailbox) {
        inbox.add(new InboxMessage.Check(mailbox));
    }

    CompensatorCounters counters() {
        return stats.snapshot();
    }

    /// Returns the progress of a mass recovery, if one is running.
    Optional<RecoveryProgress> recovery() {
        return recovery;
    }

    /// Returns the next step of the mailbox. Called by many threads; the result may be outdated at once.
    NextStep nextStep(MailboxId mailbox) {
        if (inFlight.contains(mailbox)) {
            return NextStep.of("a repair is in progress");
        }
        var hold = Optional.ofNullable(holds.get(mailbox));
        var waits = pendingMailboxes.contains(mailbox) || firstSubscriptions.contains(mailbox);
        return planner.nextStep(mailbox, hold, waits)
                .orElseGet(() -> NextStep.of("nothing: it is no longer configured"));
    }

    /// Runs one round. Any thread runs `wake` when another round has work. Returns the time of the next round
    /// that needs no `wake`.
    Optional<Instant> tick(Runnable wake) {
        readInbox();
        var now = clock.instant();
        for (var mailbox : deadlines.pollDue(now)) {
            planSafely(mailbox, wake);
        }
        var nextTurn = startPending(now, wake);
        var nextFirst = startFirst(now, wake);
        var waiting = pendingMailboxes.size() + firstSubscriptions.size();
        stats.setLevels(waiting, inFlight.size());
        var succeeded = stats.succeeded();
        var remaining = (long) waiting + inFlight.size();
        recovery = RecoveryProgress.next(
                recovery, now, new RecoveryProgress.Round(succeeded - succeededBefore, remaining, rate));
        succeededBefore = succeeded;
        return Stream.of(nextTurn, nextFirst, deadlines.nextDeadline())
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    private void readInbox() {
        for (var message = inbox.poll(); message != null; message = inbox.poll()) {
            switch (message) {
                case InboxMessage.CheckNow check -> holds.remove(check.mailbox());
                case InboxMessage.Check ignored -> {}
                case InboxMessage.Done done -> {
                    inFlight.remove(done.mailbox());
                    firstSubscriptions.onEnded(done.mailbox());
                    circuitBreaker.onEnded(done.connection(), done.outcome());
                    done.outcome()
                            .ifPresent(outcome -> failures.onOutcome(done.connection(), done.mailbox(), outcome)
                                    .forEach(this::checkNow));
                    // an operator who asked meanwhile may have repaired its cause
                    done.holdUntil()
                            .filter(ignored -> !requests.isWaiting(done.mailbox()))
                            .ifPresent(until -> holds.put(done.mailbox(), until));
                }
            }
            deadlines.schedule(message.mailbox(), clock.instant());
        }
    }

    /// Plans one mailbox. A failure affects neither the other mailboxes nor its own next check.
    private void planSafely(MailboxId mailbox, Runnable wake) {
        try {
            plan(mailbox, wake);
        } catch (RuntimeException e) {
            retryPlan(mailbox, e);
        }
    }

    private void retryPlan(MailboxId mailbox, RuntimeException failure) {
        report("plan the compensation of " + mailbox, failure);
        deadlines.schedule(mailbox, clock.instant().plus(RETRY_DELAY));
    }

    private void plan(MailboxId mailbox, Runnable wake) {
        planRepair(mailbox).ifPresent(need -> {
            if (requests.isWaiting(mailbox)) {
                startRequested(need, wake);
            } else if (need.isFirst()) {
                firstSubscriptions.add(need.connection(), mailbox);
            } else {
                pendingMailboxes.add(need.connection(), mailbox, need.silentSince());
            }
        });
    }

    /// Starts the repair before those that wait, because an operator waits for its outcome. It may probe a connection
    /// that backs off.
    private void startRequested(CompensationPlanner.PlannedAction need, Runnable wake) {
        var now = clock.instant();
        if (circuitBreaker.allowsOperatorRequest(need.connection(), now) && rateLimiter.tryAcquire(now)) {
            start(need, wake);
        } else {
            deadlines.schedule(need.mailbox().id(), now.plus(OPERATOR_RECHECK));
        }
    }

    /// Returns the repair that the mailbox needs now. If it needs none, schedules the next check.
    private Optional<CompensationPlanner.PlannedAction> planRepair(MailboxId mailbox) {
        var hold = Optional.ofNullable(holds.get(mailbox));
        var need = planner.plan(mailbox, inFlight.contains(mailbox), hold);
        if (need.isEmpty()) {
            holds.remove(mailbox);
            return need;
        }
        return switch (need.get().action()) {
            case CompensationAction.WaitUntil wait -> {
                requests.endIfNothingNeeded(need.get().mailbox());
                deadlines.schedule(mailbox, wait.until());
                yield Optional.empty();
            }
            case CompensationAction.Blocked ignored -> Optional.empty();
            case CompensationAction.Resubscribe ignored -> need;
            case CompensationAction.ResubscribeAndResync ignored -> need;
            case CompensationAction.ResumeResync ignored -> need;
        };
    }

    /// Starts waiting repairs within the rate. A mailbox may have called back while it waited, so each is
    /// planned again.
    private Optional<Instant> startPending(Instant now, Runnable wake) {
        while (pendingMailboxes.connections().stream().anyMatch(connection -> circuitBreaker.allows(connection, now))) {
            if (!rateLimiter.tryAcquire(now)) {
                return Optional.of(rateLimiter.nextPermitAt());
            }
            pendingMailboxes
                    .poll(connection -> circuitBreaker.allows(connection, now))
                    .flatMap(this::planRepair)
                    .ifPresentOrElse(need -> start(need, wake), rateLimiter::release);
        }
        return pendingMailboxes.connections().stream()
                .flatMap(connection -> circuitBreaker.blockedUntil(connection, now).stream())
                .min(Instant::compareTo);
    }

    /// Starts first subscriptions up to the limit of each connection. They repair no loss, so the rate does not
    /// apply. Returns the end of the first back-off that delays some of them.
    private Optional<Instant> startFirst(Instant now, Runnable wake) {
        var isMoved = true;
        while (isMoved) {
            isMoved = false;
            for (var connection : firstSubscriptions.connections()) {
                var next = pollFirst(connection, now);
                while (next.isPresent()) {
                    isMoved |= startOrMove(next.get(), connection, wake);
                    next = pollFirst(connection, now);
                }
            }
        }
        return firstSubscriptions.connections().stream()
                .flatMap(connection -> circuitBreaker.blockedUntil(connection, now).stream())
                .min(Instant::compareTo);
    }

    /// Starts the first subscription, unless the mailbox needs none any more. Returns true if it waits for another
    /// connection instead.
    private boolean startOrMove(MailboxId mailbox, String connection, Runnable wake) {
        try {
            return planRepair(mailbox)
                    .map(need -> startOrMove(need, connection, wake))
                    .orElse(false);
        } catch (RuntimeException e) {
            retryPlan(mailbox, e);
            return false;
        }
    }

    private boolean startOrMove(CompensationPlanner.PlannedAction need, String connection, Runnable wake) {
        var id = need.mailbox().id();
        if (!need.isFirst()) {
            // subscribed and lost meanwhile: waits with the others, which the rate limits
            pendingMailboxes.add(need.connection(), id, need.silentSince());
        } else if (need.connection().equals(connection)) {
            start(need, wake);
        } else {
            // its group has moved
            firstSubscriptions.add(need.connection(), id);
            return true;
        }
        return false;
    }

    private Optional<MailboxId> pollFirst(String connection, Instant now) {
        return circuitBreaker.allows(connection, now) ? firstSubscriptions.poll(connection) : Optional.empty();
    }

    private void start(CompensationPlanner.PlannedAction need, Runnable wake) {
        var id = need.mailbox().id();
        if (need.isFirst()) {
            firstSubscriptions.onStarted(need.connection(), id);
        }
        holds.remove(id);
        inFlight.add(id);
        circuitBreaker.onStarted(need.connection(), clock.instant());
        failures.onStarted(need.connection(), id);
        stats.countStarted();
        var origin = requests.removeWaiting(id) ? RepairOrigin.OPERATOR : RepairOrigin.SWEEP;
        threads.execute(() -> {
            inbox.add(repair(need, origin));
            wake.run();
        });
    }

    /// Returns the outcome of the repair, and the end of the mailbox's hold.
    private InboxMessage.Done repair(CompensationPlanner.PlannedAction need, RepairOrigin origin) {
        var id = need.mailbox().id();
        try {
            var outcome = executorFor(origin).execute(need, origin);
            stats.countOutcome(outcome, need.action());
            return new InboxMessage.Done(id, need.connection(), Optional.of(outcome), holdAfter(outcome));
        } catch (RuntimeException | Error e) {
            // without a result the mailbox would stay in flight for ever
            stats.countFailed(need.action());
            report("repair " + need.mailbox().address() + " (" + need.action() + ")", e);
            var retryAt = clock.instant().plus(RETRY_DELAY);
            return new InboxMessage.Done(id, need.connection(), Optional.empty(), Optional.of(retryAt));
        }
    }

    private CompensationExecutor executorFor(RepairOrigin origin) {
        return switch (origin) {
            case SWEEP -> repairs;
            case OPERATOR -> requests.recordingOutcome(repairs);
        };
    }

    /// Logs a failure. While the store is away, thousands of mailboxes fail alike.
    private void report(String work, Throwable failure) {
        failureLines.admit(clock.instant()).ifPresent(omitted -> {
            var suffix = LogLineLimiter.suffix(omitted);
            if (failure instanceof StoreException) {
                log.warn(
                        "Failed to {}: {} Retrying in {} s{}",
                        work,
                        failure.getMessage(),
                        RETRY_DELAY.toSeconds(),
                        suffix);
            } else {
                log.error("Failed to {}; retrying in {} s{}", work, RETRY_DELAY.toSeconds(), suffix, failure);
            }
        });
    }

    private Optional<Instant> holdAfter(SubscriptionOutcome outcome) {
        return switch (outcome) {
            case SubscriptionOutcome.RetryAt retry -> Optional.of(retry.at());
            case SubscriptionOutcome.Failed failed ->
                Optional.of(clock.instant().plus(recheckDelay(failed)));
            // the reason for skipping has to end first
            case SubscriptionOutcome.Skipped ignored ->
                Optional.of(clock.instant().plus(RETRY_DELAY));
            case SubscriptionOutcome.Subscribed ignored -> Optional.empty();
            case SubscriptionOutcome.Resynced ignored -> Optional.empty();
        };
    }

    /// Returns the delay before the next try. Access to EWS is often repaired for many mailboxes at once, and
    /// none of them should then wait for hours.
    private Duration recheckDelay(SubscriptionOutcome.Failed failed) {
        return switch (failed.scope()) {
            case MAILBOX -> failedRecheck;
            case MAILBOX_ACCESS, UNDECIDED, CONNECTION ->
                CONNECTION_RECHECK.compareTo(failedRecheck) < 0 ? CONNECTION_RECHECK : failedRecheck;
        };
    }
}
