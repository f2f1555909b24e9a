package dev.tidemark.compensator;

import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
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
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The heart of the compensator: looks at the mailboxes whose time has come and starts what they need,
/// longest silence first, no faster than the rate. [#tick] is called by one thread at a time; all others only
/// leave messages.
final class CompensationDispatcher {
    private static final Logger log = LoggerFactory.getLogger(CompensationDispatcher.class);

    /// How long a mailbox rests after a failure that nobody foresaw.
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
    private final Executor executor;
    private final CompensationRateLimiter rateLimiter;
    private final Duration failedRecheck;
    private final CompensatorStats stats = new CompensatorStats();
    private final Clock clock;
    private final Queue<InboxMessage> inbox = new ConcurrentLinkedQueue<>();
    private final MailboxDeadlineQueue deadlines = new MailboxDeadlineQueue();
    private final PendingMailboxQueue pendingMailboxes = new PendingMailboxQueue();
    private final ConnectionFailures failures = new ConnectionFailures();
    /// these two and what waits are looked at by others, too
    private final ConnectionCircuitBreaker circuitBreaker;
    private volatile Optional<RecoveryProgress> recovery = Optional.empty();
    private long succeededBefore;
    private final int rate;
    private final Set<MailboxId> inFlight = ConcurrentHashMap.newKeySet();
    private final Map<MailboxId, Instant> holds = new ConcurrentHashMap<>();

    /// What helps with starting remedies: threads, chance from 0 up to 1, and until when a connection is held
    /// back.
    record Collaborators(Executor executor, DoubleSupplier chance, Function<String, Optional<Instant>> heldBackUntil) {}

    CompensationDispatcher(
            CompensationPlanner examiner,
            CompensationExecutor mender,
            Collaborators help,
            OperatorRequests requests,
            CompensatorConfig config,
            Clock clock) {
        this.planner = examiner;
        this.repairs = mender;
        this.requests = requests;
        this.executor = help.executor();
        this.circuitBreaker = new ConnectionCircuitBreaker(help.heldBackUntil());
        this.rate = config.rate();
        this.rateLimiter = new CompensationRateLimiter(rate, help.chance());
        this.failedRecheck = config.failedRecheck();
        this.clock = clock;
    }

    /// Has the mailbox looked at by the next tick. Called by many threads.
    void checkNow(MailboxId mailbox) {
        inbox.add(new InboxMessage.CheckNow(mailbox));
    }

    /// The same, but whatever it waits for stays. Called by many threads.
    void enqueueCheck(MailboxId mailbox) {
        inbox.add(new InboxMessage.Check(mailbox));
    }

    CompensatorCounters counters() {
        return stats.snapshot();
    }

    /// The rush that is going on, if there is one.
    Optional<RecoveryProgress> recovery() {
        return recovery;
    }

    /// What happens to the mailbox next. Called by many threads; what it says may be over already.
    NextStep nextStep(MailboxId mailbox) {
        if (inFlight.contains(mailbox)) {
            return NextStep.of("a remedy is under way");
        }
        var hold = Optional.ofNullable(holds.get(mailbox));
        return planner.nextStep(mailbox, hold, pendingMailboxes.contains(mailbox))
                .orElseGet(() -> NextStep.of("nothing: it is no longer configured"));
    }

    /// One round. `wake` is run, by any thread, when another round has something to do. Returns when that is
    /// the case without being woken.
    Optional<Instant> tick(Runnable wake) {
        readInbox();
        var now = clock.instant();
        for (var mailbox : deadlines.pollDue(now)) {
            planSafely(mailbox, wake);
        }
        var nextTurn = startPending(now, wake);
        stats.setLevels(pendingMailboxes.size(), inFlight.size());
        var helped = stats.succeeded();
        var left = (long) pendingMailboxes.size() + inFlight.size();
        recovery = RecoveryProgress.next(recovery, now, new RecoveryProgress.Round(helped - succeededBefore, left, rate));
        succeededBefore = helped;
        return Stream.concat(nextTurn.stream(), deadlines.nextDeadline().stream()).min(Instant::compareTo);
    }

    private void readInbox() {
        for (var message = inbox.poll(); message != null; message = inbox.poll()) {
            switch (message) {
                case InboxMessage.CheckNow alarm -> holds.remove(alarm.mailbox());
                case InboxMessage.Check ignored -> {}
                case InboxMessage.Done done -> {
                    inFlight.remove(done.mailbox());
                    circuitBreaker.onEnded(done.connection(), done.outcome());
                    done.outcome()
                            .ifPresent(outcome -> failures.onOutcome(done.connection(), done.mailbox(), outcome)
                                    .forEach(this::checkNow));
                    done.holdUntil().ifPresent(until -> holds.put(done.mailbox(), until));
                }
            }
            deadlines.schedule(message.mailbox(), clock.instant());
        }
    }

    /// What goes wrong with one mailbox must cost neither the others their plan nor itself.
    private void planSafely(MailboxId mailbox, Runnable wake) {
        try {
            plan(mailbox, wake);
        } catch (RuntimeException e) {
            log.error("{} cannot be looked at; the next look comes in {}", mailbox, RETRY_DELAY, e);
            deadlines.schedule(mailbox, clock.instant().plus(RETRY_DELAY));
        }
    }

    private void plan(MailboxId mailbox, Runnable wake) {
        planRepair(mailbox).ifPresent(finding -> {
            if (isImmediate(finding, clock.instant())) {
                start(finding, wake);
            } else if (requests.isWaiting(mailbox)) {
                deadlines.schedule(mailbox, clock.instant().plus(OPERATOR_RECHECK));
            } else {
                pendingMailboxes.add(finding.connection(), mailbox, finding.silentSince());
            }
        });
    }

    /// Returns whether the mailbox bypasses the queue. A first subscription repairs no loss, and an operator waits
    /// for the outcome of a request. An operator's request may probe a connection that backs off.
    private boolean isImmediate(CompensationPlanner.PlannedAction finding, Instant now) {
        if (requests.isWaiting(finding.mailbox().id())) {
            return circuitBreaker.allowsOperatorRequest(finding.connection(), now) && rateLimiter.tryAcquire(now);
        }
        return finding.isFirst() && circuitBreaker.allows(finding.connection(), now);
    }

    /// What the mailbox needs now, if it needs anything; otherwise when to look again is noted.
    private Optional<CompensationPlanner.PlannedAction> planRepair(MailboxId mailbox) {
        var hold = Optional.ofNullable(holds.get(mailbox));
        var finding = planner.plan(mailbox, inFlight.contains(mailbox), hold);
        if (finding.isEmpty()) {
            holds.remove(mailbox);
            return finding;
        }
        return switch (finding.get().remedy()) {
            case CompensationAction.WaitUntil nothing -> {
                requests.endIfNothingNeeded(finding.get().mailbox());
                deadlines.schedule(mailbox, nothing.until());
                yield Optional.empty();
            }
            case CompensationAction.Blocked ignored -> Optional.empty();
            case CompensationAction.Resubscribe ignored -> finding;
            case CompensationAction.ResubscribeAndResync ignored -> finding;
            case CompensationAction.ResumeResync ignored -> finding;
        };
    }

    /// A mailbox may have called back while it waited: each is looked at again before its turn.
    private Optional<Instant> startPending(Instant now, Runnable wake) {
        while (pendingMailboxes.connections().stream().anyMatch(connection -> circuitBreaker.allows(connection, now))) {
            if (!rateLimiter.tryAcquire(now)) {
                return Optional.of(rateLimiter.nextPermitAt());
            }
            pendingMailboxes.poll(connection -> circuitBreaker.allows(connection, now))
                    .flatMap(this::planRepair)
                    .ifPresentOrElse(finding -> start(finding, wake), rateLimiter::release);
        }
        return pendingMailboxes.connections().stream()
                .flatMap(connection -> circuitBreaker.blockedUntil(connection, now).stream())
                .min(Instant::compareTo);
    }

    private void start(CompensationPlanner.PlannedAction finding, Runnable wake) {
        var id = finding.mailbox().id();
        holds.remove(id);
        inFlight.add(id);
        circuitBreaker.onStarted(finding.connection(), clock.instant());
        failures.onStarted(finding.connection(), id);
        stats.countStarted();
        var chosen = requests.removeWaiting(id) ? requests.recordingOutcome(repairs) : repairs;
        executor.execute(() -> {
            inbox.add(repair(finding, chosen));
            wake.run();
        });
    }

    /// Returns what came of it, and until when to leave the mailbox alone.
    private InboxMessage.Done repair(CompensationPlanner.PlannedAction finding, CompensationExecutor mender) {
        var id = finding.mailbox().id();
        try {
            var outcome = mender.execute(finding);
            stats.countOutcome(outcome, finding.remedy());
            return new InboxMessage.Done(id, finding.connection(), Optional.of(outcome), holdAfter(outcome));
        } catch (RuntimeException | Error e) {
            // an end that nobody hears of would leave the mailbox under way for ever
            stats.countFailed(finding.remedy());
            var address = finding.mailbox().address();
            log.error("{} could not be compensated ({}), trying again in {}", address, finding.remedy(), RETRY_DELAY, e);
            var rest = clock.instant().plus(RETRY_DELAY);
            return new InboxMessage.Done(id, finding.connection(), Optional.empty(), Optional.of(rest));
        }
    }

    private Optional<Instant> holdAfter(SubscriptionOutcome outcome) {
        return switch (outcome) {
            case SubscriptionOutcome.RetryAt retry -> Optional.of(retry.at());
            case SubscriptionOutcome.Failed failed ->
                Optional.of(clock.instant().plus(recheckDelay(failed)));
            // whatever made it skip has to be over first
            case SubscriptionOutcome.Skipped ignored ->
                Optional.of(clock.instant().plus(RETRY_DELAY));
            case SubscriptionOutcome.Subscribed ignored -> Optional.empty();
            case SubscriptionOutcome.Resynced ignored -> Optional.empty();
        };
    }

    /// Access to EWS is often repaired for many mailboxes at once, and none of them should then wait for hours.
    private Duration recheckDelay(SubscriptionOutcome.Failed failed) {
        return switch (failed.scope()) {
            case MAILBOX -> failedRecheck;
            case MAILBOX_ACCESS, UNDECIDED, CONNECTION ->
                CONNECTION_RECHECK.compareTo(failedRecheck) < 0 ? CONNECTION_RECHECK : failedRecheck;
        };
    }
}
