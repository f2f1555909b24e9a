package dev.tidemark.compensator;

import dev.tidemark.compensator.CompensatorCounters.FallbackCounters;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.subscriber.PollResult;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Polls mailboxes whose push does not work, each at its delay. The fallback thread calls [#tick]; all other
/// threads only leave messages. Removes a mailbox when its push works again.
final class PollingTransport implements FallbackTransport {
    private static final Logger log = LoggerFactory.getLogger(PollingTransport.class);

    /// Delay before the next poll after an unexpected failure.
    private static final Duration RETRY_DELAY = Duration.ofSeconds(30);

    /// Collaborators in other modules.
    ///
    /// @param poller polls one mailbox; blocks
    /// @param restoredListener receives each mailbox whose push is restored
    record Dependencies(
            MailboxRegistry mailboxes,
            CompensationPlanner.GroupConfigs groupConfigs,
            LimitsLookup limits,
            Poller poller,
            RestoredListener restoredListener) {}

    /// Finds the limits of a connection. Thread-safe.
    @FunctionalInterface
    interface LimitsLookup {
        ConnectionLimits find(String connection);
    }

    /// Polls one mailbox, and blocks until the result is known. Called by many threads.
    @FunctionalInterface
    interface Poller {
        PollResult poll(MailboxId mailbox);
    }

    /// Receives each mailbox whose push is restored, on the fallback thread.
    @FunctionalInterface
    interface RestoredListener {
        void onPushRestored(String connection, MailboxId mailbox);
    }

    private sealed interface InboxMessage {
        record Check(MailboxId mailbox) implements InboxMessage {}

        record Done(MailboxId mailbox, Instant startedAt, PollResult polled) implements InboxMessage {}
    }

    /// Mailbox that is polled.
    ///
    /// @param requests number of requests of its last poll
    private record PolledMailbox(String connection, Duration delay, int requests) {}

    private final Dependencies dependencies;
    private final PollDelay delayPolicy;
    private final Executor executor;
    private final Clock clock;
    private final Queue<InboxMessage> inbox = new ConcurrentLinkedQueue<>();
    private final MailboxDeadlineQueue deadlines = new MailboxDeadlineQueue();
    private final Map<MailboxId, PolledMailbox> polledMailboxes = new HashMap<>();
    private final Map<String, ConnectionLane> lanes = new HashMap<>();
    private final LongAdder polls = new LongAdder();
    private final LongAdder found = new LongAdder();
    private volatile Map<String, Double> stretch = Map.of();
    private volatile int degraded;

    PollingTransport(Dependencies dependencies, PollDelay delayPolicy, Executor executor, Clock clock) {
        this.dependencies = dependencies;
        this.delayPolicy = delayPolicy;
        this.executor = executor;
        this.clock = clock;
    }

    /// Polls in flight on a connection, and mailboxes that wait for one to end. Polls use half of the
    /// connection's concurrency.
    private static final class ConnectionLane {
        private final int maxInFlight;
        private final Queue<MailboxId> waiting = new ArrayDeque<>();
        private int inFlight;

        ConnectionLane(ConnectionLimits limits) {
            this.maxInFlight = Math.max(1, limits.concurrency() / 2);
        }
    }

    @Override
    public void enqueueCheck(MailboxId mailbox) {
        inbox.add(new InboxMessage.Check(mailbox));
    }

    @Override
    public FallbackCounters counters() {
        return new FallbackCounters(degraded, polls.sum(), found.sum(), stretch, Optional.empty());
    }

    @Override
    public Optional<Instant> tick(Runnable wake) {
        readInbox();
        stretch = stretchFactors();
        deadlines.pollDue(clock.instant()).forEach(this::enqueue);
        lanes.values().forEach(lane -> startPolls(lane, wake));
        degraded = polledMailboxes.size();
        return deadlines.nextDeadline();
    }

    private void readInbox() {
        for (var message = inbox.poll(); message != null; message = inbox.poll()) {
            switch (message) {
                case InboxMessage.Check check -> {
                    if (!polledMailboxes.containsKey(check.mailbox())) {
                        startPolling(check.mailbox());
                    }
                }
                case InboxMessage.Done done -> onPolled(done);
            }
        }
    }

    private void startPolling(MailboxId id) {
        polledMailbox(id).ifPresent(polledMailbox -> {
            polledMailboxes.put(id, polledMailbox);
            deadlines.schedule(id, clock.instant());
        });
    }

    /// Returns the mailbox with its delay; empty if it must not be polled.
    private Optional<PolledMailbox> polledMailbox(MailboxId id) {
        return dependencies
                .mailboxes()
                .find(id)
                .filter(mailbox -> mailbox.degraded().isPresent())
                .flatMap(this::polledMailbox);
    }

    private Optional<PolledMailbox> polledMailbox(Mailbox mailbox) {
        var before = Optional.ofNullable(polledMailboxes.get(mailbox.id()));
        return dependencies
                .groupConfigs()
                .find(mailbox.membership().group())
                .flatMap(plan -> delayPolicy
                        .at(plan.statusFrequency())
                        .map(delay -> new PolledMailbox(
                                plan.connection(),
                                delay,
                                before.map(PolledMailbox::requests).orElse(plan.requestsPerSync()))));
    }

    private void onPolled(InboxMessage.Done done) {
        var polledMailbox = polledMailboxes.get(done.mailbox());
        if (polledMailbox == null) {
            return;
        }
        lane(polledMailbox.connection()).inFlight--;
        var polled = done.polled();
        if (polled.interruption().isEmpty()) {
            polledMailboxes.put(
                    done.mailbox(),
                    new PolledMailbox(
                            polledMailbox.connection(), polledMailbox.delay(), Math.max(1, polled.requests())));
        }
        if (!stopIfRestored(done.mailbox(), polledMailbox)) {
            deadlines.schedule(done.mailbox(), nextPollAt(polledMailbox, done));
        }
    }

    /// Stops polling a mailbox that is no longer degraded.
    private boolean stopIfRestored(MailboxId id, PolledMailbox polledMailbox) {
        var mailbox = dependencies.mailboxes().find(id);
        if (mailbox.filter(each -> each.degraded().isPresent()).isPresent()) {
            return false;
        }
        polledMailboxes.remove(id);
        mailbox.ifPresent(ignored -> dependencies.restoredListener().onPushRestored(polledMailbox.connection(), id));
        return true;
    }

    private Instant nextPollAt(PolledMailbox polledMailbox, InboxMessage.Done done) {
        var planned = done.startedAt()
                .plus(PollBudget.stretched(
                        polledMailbox.delay(), stretch.getOrDefault(polledMailbox.connection(), 1.0)));
        var now = clock.instant();
        var next = done.polled()
                .interruption()
                .map(cut -> cut instanceof SubscriptionOutcome.RetryAt retry ? retry.at() : now.plus(RETRY_DELAY))
                .orElse(planned);
        return next.isBefore(now) ? now : next;
    }

    private Map<String, Double> stretchFactors() {
        return polledMailboxes.values().stream()
                .collect(Collectors.groupingBy(
                        PolledMailbox::connection,
                        Collectors.mapping(
                                polledMailbox -> new PollBudget.Demand(polledMailbox.requests(), polledMailbox.delay()),
                                Collectors.toList())))
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> PollBudget.stretch(
                                entry.getValue(),
                                dependencies.limits().find(entry.getKey()).requestsPerSecond())));
    }

    private void enqueue(MailboxId id) {
        var polledMailbox = polledMailboxes.get(id);
        if (polledMailbox != null && !stopIfRestored(id, polledMailbox)) {
            lane(polledMailbox.connection()).waiting.add(id);
        }
    }

    private ConnectionLane lane(String connection) {
        return lanes.computeIfAbsent(
                connection, name -> new ConnectionLane(dependencies.limits().find(name)));
    }

    private void startPolls(ConnectionLane lane, Runnable wake) {
        while (lane.inFlight < lane.maxInFlight && !lane.waiting.isEmpty()) {
            var id = lane.waiting.remove();
            lane.inFlight++;
            polls.increment();
            var startedAt = clock.instant();
            executor.execute(() -> {
                inbox.add(new InboxMessage.Done(id, startedAt, poll(id)));
                wake.run();
            });
        }
    }

    private PollResult poll(MailboxId id) {
        try {
            var polled = dependencies.poller().poll(id);
            found.add(count(polled.found()));
            return polled;
        } catch (RuntimeException | Error e) {
            // without a result the mailbox would stay in flight for ever
            log.error("Failed to poll {}; retrying in {} s", id, RETRY_DELAY.toSeconds(), e);
            return new PollResult(
                    RecoveredPage.RecoveryCounts.NONE,
                    0,
                    Optional.of(new SubscriptionOutcome.Skipped("the poll failed")));
        }
    }

    private static long count(RecoveredPage.RecoveryCounts count) {
        return (long) count.created() + count.modified() + count.deleted();
    }
}
