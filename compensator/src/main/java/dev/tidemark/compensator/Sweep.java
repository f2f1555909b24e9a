package dev.tidemark.compensator;

import dev.tidemark.subscriber.Outcome;
import dev.tidemark.watermark.MailboxId;
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
final class Sweep {
    private static final Logger log = LoggerFactory.getLogger(Sweep.class);

    /// How long a mailbox rests after a failure that nobody foresaw.
    private static final Duration REST = Duration.ofSeconds(30);

    /// Delay before the next check whether an operator's request may probe its connection.
    private static final Duration ASKED_AGAIN = Duration.ofSeconds(1);

    private static final Duration CONNECTION_RECHECK = Duration.ofMinutes(10);

    private sealed interface Message {
        MailboxId mailbox();

        record Alarm(MailboxId mailbox) implements Message {}

        record Look(MailboxId mailbox) implements Message {}

        record Done(MailboxId mailbox, String connection, Optional<Outcome> outcome, Optional<Instant> holdUntil)
                implements Message {}
    }

    private final Examiner examiner;
    private final Mender mender;
    private final OperatorRequests requests;
    private final Executor executor;
    private final Pace pace;
    private final Duration failedRecheck;
    private final Tally tally = new Tally();
    private final Clock clock;
    private final Queue<Message> inbox = new ConcurrentLinkedQueue<>();
    private final Deadlines deadlines = new Deadlines();
    private final Waiting waiting = new Waiting();
    private final ConnectionFailures failures = new ConnectionFailures();
    /// these two and what waits are looked at by others, too
    private final Roads roads;
    private volatile Optional<Rush> rush = Optional.empty();
    private long helpedBefore;
    private final int rate;
    private final Set<MailboxId> inFlight = ConcurrentHashMap.newKeySet();
    private final Map<MailboxId, Instant> holds = new ConcurrentHashMap<>();

    /// What helps with starting remedies: threads, chance from 0 up to 1, and until when a connection is held
    /// back.
    record Help(Executor executor, DoubleSupplier chance, Function<String, Optional<Instant>> heldBackUntil) {}

    Sweep(
            Examiner examiner,
            Mender mender,
            Help help,
            OperatorRequests requests,
            CompensatorConfig config,
            Clock clock) {
        this.examiner = examiner;
        this.mender = mender;
        this.requests = requests;
        this.executor = help.executor();
        this.roads = new Roads(help.heldBackUntil());
        this.rate = config.rate();
        this.pace = new Pace(rate, help.chance());
        this.failedRecheck = config.failedRecheck();
        this.clock = clock;
    }

    /// Has the mailbox looked at by the next tick. Called by many threads.
    void raise(MailboxId mailbox) {
        inbox.add(new Message.Alarm(mailbox));
    }

    /// The same, but whatever it waits for stays. Called by many threads.
    void look(MailboxId mailbox) {
        inbox.add(new Message.Look(mailbox));
    }

    CompensatorCounters counters() {
        return tally.snapshot();
    }

    /// The rush that is going on, if there is one.
    Optional<Rush> rush() {
        return rush;
    }

    /// What happens to the mailbox next. Called by many threads; what it says may be over already.
    Outlook outlook(MailboxId mailbox) {
        if (inFlight.contains(mailbox)) {
            return Outlook.of("a remedy is under way");
        }
        var hold = Optional.ofNullable(holds.get(mailbox));
        return examiner.outlook(mailbox, hold, waiting.contains(mailbox))
                .orElseGet(() -> Outlook.of("nothing: it is no longer configured"));
    }

    /// One round. `wake` is run, by any thread, when another round has something to do. Returns when that is
    /// the case without being woken.
    Optional<Instant> tick(Runnable wake) {
        readInbox();
        var now = clock.instant();
        for (var mailbox : deadlines.take(now)) {
            examineSafely(mailbox, wake);
        }
        var nextTurn = startWaiting(now, wake);
        tally.levels(waiting.size(), inFlight.size());
        var helped = tally.helped();
        var left = (long) waiting.size() + inFlight.size();
        rush = Rush.after(rush, now, new Rush.Round(helped - helpedBefore, left, rate));
        helpedBefore = helped;
        return Stream.concat(nextTurn.stream(), deadlines.next().stream()).min(Instant::compareTo);
    }

    private void readInbox() {
        for (var message = inbox.poll(); message != null; message = inbox.poll()) {
            switch (message) {
                case Message.Alarm alarm -> holds.remove(alarm.mailbox());
                case Message.Look ignored -> {}
                case Message.Done done -> {
                    inFlight.remove(done.mailbox());
                    roads.ended(done.connection(), done.outcome());
                    done.outcome()
                            .ifPresent(outcome -> failures.after(done.connection(), done.mailbox(), outcome)
                                    .forEach(this::raise));
                    // an operator who asked meanwhile may have repaired its cause
                    done.holdUntil()
                            .filter(ignored -> !requests.waits(done.mailbox()))
                            .ifPresent(until -> holds.put(done.mailbox(), until));
                }
            }
            deadlines.put(message.mailbox(), clock.instant());
        }
    }

    /// What goes wrong with one mailbox must cost neither the others their plan nor itself.
    private void examineSafely(MailboxId mailbox, Runnable wake) {
        try {
            examine(mailbox, wake);
        } catch (RuntimeException e) {
            log.error("{} cannot be looked at; the next look comes in {}", mailbox, REST, e);
            deadlines.put(mailbox, clock.instant().plus(REST));
        }
    }

    private void examine(MailboxId mailbox, Runnable wake) {
        diagnose(mailbox).ifPresent(finding -> {
            if (isAtOnce(finding, clock.instant())) {
                start(finding, wake);
            } else if (requests.waits(mailbox)) {
                deadlines.put(mailbox, clock.instant().plus(ASKED_AGAIN));
            } else {
                waiting.add(finding.connection(), mailbox, finding.silentSince());
            }
        });
    }

    /// Returns whether the mailbox bypasses the queue. A first subscription repairs no loss, and an operator waits
    /// for the outcome of a request. An operator's request may probe a connection that backs off.
    private boolean isAtOnce(Examiner.Finding finding, Instant now) {
        if (requests.waits(finding.mailbox().id())) {
            return roads.isIdleOrOpen(finding.connection(), now) && pace.allows(now);
        }
        return finding.isFirst() && roads.isOpen(finding.connection(), now);
    }

    /// What the mailbox needs now, if it needs anything; otherwise when to look again is noted.
    private Optional<Examiner.Finding> diagnose(MailboxId mailbox) {
        var hold = Optional.ofNullable(holds.get(mailbox));
        var finding = examiner.examine(mailbox, inFlight.contains(mailbox), hold);
        if (finding.isEmpty()) {
            holds.remove(mailbox);
            return finding;
        }
        return switch (finding.get().remedy()) {
            case Remedy.NothingUntil nothing -> {
                requests.superfluous(finding.get().mailbox());
                deadlines.put(mailbox, nothing.until());
                yield Optional.empty();
            }
            case Remedy.GiveUp ignored -> Optional.empty();
            case Remedy.Resubscribe ignored -> finding;
            case Remedy.SubscribeAfreshAndResync ignored -> finding;
            case Remedy.ResumeResync ignored -> finding;
        };
    }

    /// A mailbox may have called back while it waited: each is looked at again before its turn.
    private Optional<Instant> startWaiting(Instant now, Runnable wake) {
        while (waiting.connections().stream().anyMatch(connection -> roads.isOpen(connection, now))) {
            if (!pace.allows(now)) {
                return Optional.of(pace.next());
            }
            waiting.take(connection -> roads.isOpen(connection, now))
                    .flatMap(this::diagnose)
                    .ifPresentOrElse(finding -> start(finding, wake), pace::giveBack);
        }
        return waiting.connections().stream()
                .flatMap(connection -> roads.closedUntil(connection, now).stream())
                .min(Instant::compareTo);
    }

    private void start(Examiner.Finding finding, Runnable wake) {
        var id = finding.mailbox().id();
        holds.remove(id);
        inFlight.add(id);
        roads.started(finding.connection(), clock.instant());
        failures.started(finding.connection(), id);
        tally.started();
        var chosen = requests.started(id) ? requests.answering(mender) : mender;
        executor.execute(() -> {
            inbox.add(mend(finding, chosen));
            wake.run();
        });
    }

    /// Returns what came of it, and until when to leave the mailbox alone.
    private Message.Done mend(Examiner.Finding finding, Mender mender) {
        var id = finding.mailbox().id();
        try {
            var outcome = mender.mend(finding);
            tally.ended(outcome, finding.remedy());
            return new Message.Done(id, finding.connection(), Optional.of(outcome), hold(outcome));
        } catch (RuntimeException | Error e) {
            // an end that nobody hears of would leave the mailbox under way for ever
            tally.failed(finding.remedy());
            var address = finding.mailbox().address();
            log.error("{} could not be compensated ({}), trying again in {}", address, finding.remedy(), REST, e);
            var rest = clock.instant().plus(REST);
            return new Message.Done(id, finding.connection(), Optional.empty(), Optional.of(rest));
        }
    }

    private Optional<Instant> hold(Outcome outcome) {
        return switch (outcome) {
            case Outcome.RetryAt retry -> Optional.of(retry.at());
            case Outcome.Failed failed -> Optional.of(clock.instant().plus(recheck(failed)));
            // whatever made it skip has to be over first
            case Outcome.Skipped ignored -> Optional.of(clock.instant().plus(REST));
            case Outcome.Subscribed ignored -> Optional.empty();
            case Outcome.Resynced ignored -> Optional.empty();
        };
    }

    /// Access to EWS is often repaired for many mailboxes at once, and none of them should then wait for hours.
    private Duration recheck(Outcome.Failed failed) {
        return switch (failed.scope()) {
            case MAILBOX -> failedRecheck;
            case MAILBOX_ACCESS, UNDECIDED, CONNECTION ->
                CONNECTION_RECHECK.compareTo(failedRecheck) < 0 ? CONNECTION_RECHECK : failedRecheck;
        };
    }
}
