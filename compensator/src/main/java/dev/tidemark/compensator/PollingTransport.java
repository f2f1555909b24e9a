package dev.tidemark.compensator;

import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.subscriber.connection.ConnectionLimits;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.subscriber.resync.GroupSubscriptionConfig;
import dev.tidemark.subscriber.resync.PollResult;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Polls mailboxes whose push does not work, each by its delay. [#tick] is called by one thread at a time;
/// all others only leave messages. A mailbox is forgotten when its push works again.
final class PollingTransport implements FallbackTransport {
    private static final Logger log = LoggerFactory.getLogger(PollingTransport.class);

    /// How long a mailbox rests after a failure that nobody foresaw.
    private static final Duration RETRY_DELAY = Duration.ofSeconds(30);

    /// What polls need of the rest of the house.
    ///
    /// @param look looks for what is new in one mailbox; blocks
    /// @param restored is told of each mailbox whose push is back
    record Dependencies(
            MailboxRegistry mailboxes,
            Function<String, Optional<GroupSubscriptionConfig>> plans,
            Function<String, ConnectionLimits> limits,
            Function<MailboxId, PollResult> look,
            RestoredListener restored) {}

    @FunctionalInterface
    interface RestoredListener {
        void onPushRestored(String connection, MailboxId mailbox);
    }

    private sealed interface InboxMessage {
        record Check(MailboxId mailbox) implements InboxMessage {}

        record Done(MailboxId mailbox, Instant startedAt, PollResult polled) implements InboxMessage {}
    }

    /// A mailbox that is polled.
    ///
    /// @param requests that its last poll took
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

    PollingTransport(Dependencies surroundings, PollDelay policy, Executor executor, Clock clock) {
        this.dependencies = surroundings;
        this.delayPolicy = policy;
        this.executor = executor;
        this.clock = clock;
    }

    /// Polls under way on a connection, and those that wait for one to end: they take half of its
    /// concurrency.
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
                case InboxMessage.Check look -> {
                    if (!polledMailboxes.containsKey(look.mailbox())) {
                        startPolling(look.mailbox());
                    }
                }
                case InboxMessage.Done done -> onPolled(done);
            }
        }
    }

    private void startPolling(MailboxId id) {
        polledMailbox(id).ifPresent(patient -> {
            polledMailboxes.put(id, patient);
            deadlines.schedule(id, clock.instant());
        });
    }

    /// The mailbox as one to be polled, if it is one.
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
                .plans()
                .apply(mailbox.membership().group())
                .flatMap(plan -> delayPolicy.at(plan.statusFrequency())
                        .map(delay -> new PolledMailbox(
                                plan.connection(),
                                delay,
                                before.map(PolledMailbox::requests).orElse(plan.requestsALook()))));
    }

    private void onPolled(InboxMessage.Done done) {
        var patient = polledMailboxes.get(done.mailbox());
        if (patient == null) {
            return;
        }
        lane(patient.connection()).inFlight--;
        var polled = done.polled();
        if (polled.cut().isEmpty()) {
            polledMailboxes.put(
                    done.mailbox(),
                    new PolledMailbox(patient.connection(), patient.delay(), Math.max(1, polled.requests())));
        }
        if (!stopIfRestored(done.mailbox(), patient)) {
            deadlines.schedule(done.mailbox(), nextPollAt(patient, done));
        }
    }

    /// Forgets the mailbox if it is not to be polled any more.
    private boolean stopIfRestored(MailboxId id, PolledMailbox patient) {
        var mailbox = dependencies.mailboxes().find(id);
        if (mailbox.filter(each -> each.degraded().isPresent()).isPresent()) {
            return false;
        }
        polledMailboxes.remove(id);
        mailbox.ifPresent(ignored -> dependencies.restored().onPushRestored(patient.connection(), id));
        return true;
    }

    private Instant nextPollAt(PolledMailbox patient, InboxMessage.Done done) {
        var planned = done.startedAt()
                .plus(PollBudget.stretched(patient.delay(), stretch.getOrDefault(patient.connection(), 1.0)));
        var now = clock.instant();
        var next = done.polled()
                .cut()
                .map(cut -> cut instanceof SubscriptionOutcome.RetryAt retry ? retry.at() : now.plus(RETRY_DELAY))
                .orElse(planned);
        return next.isBefore(now) ? now : next;
    }

    private Map<String, Double> stretchFactors() {
        return polledMailboxes.values().stream()
                .collect(Collectors.groupingBy(
                        PolledMailbox::connection,
                        Collectors.mapping(
                                patient -> new PollBudget.Demand(patient.requests(), patient.delay()),
                                Collectors.toList())))
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> PollBudget.stretch(
                                entry.getValue(),
                                dependencies.limits().apply(entry.getKey()).requestsPerSecond())));
    }

    private void enqueue(MailboxId id) {
        var patient = polledMailboxes.get(id);
        if (patient != null && !stopIfRestored(id, patient)) {
            lane(patient.connection()).waiting.add(id);
        }
    }

    private ConnectionLane lane(String connection) {
        return lanes.computeIfAbsent(
                connection, name -> new ConnectionLane(dependencies.limits().apply(name)));
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
            var polled = dependencies.look().apply(id);
            found.add(count(polled.found()));
            return polled;
        } catch (RuntimeException | Error e) {
            // an end that nobody hears of would leave the mailbox under way for ever
            log.error("{} could not be polled, trying again in {}", id, RETRY_DELAY, e);
            return new PollResult(
                    RecoveredPage.RecoveryCounts.NONE, 0, Optional.of(new SubscriptionOutcome.Skipped("it failed")));
        }
    }

    private static long count(RecoveredPage.RecoveryCounts count) {
        return (long) count.created() + count.modified() + count.deleted();
    }
}
