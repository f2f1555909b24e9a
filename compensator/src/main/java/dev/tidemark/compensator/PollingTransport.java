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
    private static final Duration REST = Duration.ofSeconds(30);

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
        void on(String connection, MailboxId mailbox);
    }

    private sealed interface InboxMessage {
        record Look(MailboxId mailbox) implements InboxMessage {}

        record Done(MailboxId mailbox, Instant startedAt, PollResult polled) implements InboxMessage {}
    }

    /// A mailbox that is polled.
    ///
    /// @param requests that its last poll took
    private record PolledMailbox(String connection, Duration delay, int requests) {}

    private final Dependencies surroundings;
    private final PollDelay policy;
    private final Executor executor;
    private final Clock clock;
    private final Queue<InboxMessage> inbox = new ConcurrentLinkedQueue<>();
    private final MailboxDeadlineQueue deadlines = new MailboxDeadlineQueue();
    private final Map<MailboxId, PolledMailbox> patients = new HashMap<>();
    private final Map<String, ConnectionLane> lanes = new HashMap<>();
    private final LongAdder polls = new LongAdder();
    private final LongAdder found = new LongAdder();
    private volatile Map<String, Double> stretch = Map.of();
    private volatile int degraded;

    PollingTransport(Dependencies surroundings, PollDelay policy, Executor executor, Clock clock) {
        this.surroundings = surroundings;
        this.policy = policy;
        this.executor = executor;
        this.clock = clock;
    }

    /// Polls under way on a connection, and those that wait for one to end: they take half of its
    /// concurrency.
    private static final class ConnectionLane {
        private final int most;
        private final Queue<MailboxId> waiting = new ArrayDeque<>();
        private int underWay;

        ConnectionLane(ConnectionLimits limits) {
            this.most = Math.max(1, limits.concurrency() / 2);
        }
    }

    @Override
    public void look(MailboxId mailbox) {
        inbox.add(new InboxMessage.Look(mailbox));
    }

    @Override
    public FallbackCounters counters() {
        return new FallbackCounters(degraded, polls.sum(), found.sum(), stretch, Optional.empty());
    }

    @Override
    public Optional<Instant> tick(Runnable wake) {
        readInbox();
        stretch = stretches();
        deadlines.take(clock.instant()).forEach(this::queue);
        lanes.values().forEach(lane -> start(lane, wake));
        degraded = patients.size();
        return deadlines.next();
    }

    private void readInbox() {
        for (var message = inbox.poll(); message != null; message = inbox.poll()) {
            switch (message) {
                case InboxMessage.Look look -> {
                    if (!patients.containsKey(look.mailbox())) {
                        admit(look.mailbox());
                    }
                }
                case InboxMessage.Done done -> done(done);
            }
        }
    }

    private void admit(MailboxId id) {
        patient(id).ifPresent(patient -> {
            patients.put(id, patient);
            deadlines.put(id, clock.instant());
        });
    }

    /// The mailbox as one to be polled, if it is one.
    private Optional<PolledMailbox> patient(MailboxId id) {
        return surroundings
                .mailboxes()
                .find(id)
                .filter(mailbox -> mailbox.degraded().isPresent())
                .flatMap(this::patient);
    }

    private Optional<PolledMailbox> patient(Mailbox mailbox) {
        var before = Optional.ofNullable(patients.get(mailbox.id()));
        return surroundings
                .plans()
                .apply(mailbox.membership().group())
                .flatMap(plan -> policy.at(plan.statusFrequency())
                        .map(delay -> new PolledMailbox(
                                plan.connection(),
                                delay,
                                before.map(PolledMailbox::requests).orElse(plan.requestsPerSync()))));
    }

    private void done(InboxMessage.Done done) {
        var patient = patients.get(done.mailbox());
        if (patient == null) {
            return;
        }
        lane(patient.connection()).underWay--;
        var polled = done.polled();
        if (polled.interruption().isEmpty()) {
            patients.put(
                    done.mailbox(),
                    new PolledMailbox(patient.connection(), patient.delay(), Math.max(1, polled.requests())));
        }
        if (!discharge(done.mailbox(), patient)) {
            deadlines.put(done.mailbox(), next(patient, done));
        }
    }

    /// Forgets the mailbox if it is not to be polled any more.
    private boolean discharge(MailboxId id, PolledMailbox patient) {
        var mailbox = surroundings.mailboxes().find(id);
        if (mailbox.filter(each -> each.degraded().isPresent()).isPresent()) {
            return false;
        }
        patients.remove(id);
        mailbox.ifPresent(ignored -> surroundings.restored().on(patient.connection(), id));
        return true;
    }

    private Instant next(PolledMailbox patient, InboxMessage.Done done) {
        var planned = done.startedAt()
                .plus(PollBudget.stretched(patient.delay(), stretch.getOrDefault(patient.connection(), 1.0)));
        var now = clock.instant();
        var next = done.polled()
                .interruption()
                .map(cut -> cut instanceof SubscriptionOutcome.RetryAt retry ? retry.at() : now.plus(REST))
                .orElse(planned);
        return next.isBefore(now) ? now : next;
    }

    private Map<String, Double> stretches() {
        return patients.values().stream()
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
                                surroundings.limits().apply(entry.getKey()).requestsPerSecond())));
    }

    private void queue(MailboxId id) {
        var patient = patients.get(id);
        if (patient != null && !discharge(id, patient)) {
            lane(patient.connection()).waiting.add(id);
        }
    }

    private ConnectionLane lane(String connection) {
        return lanes.computeIfAbsent(
                connection, name -> new ConnectionLane(surroundings.limits().apply(name)));
    }

    private void start(ConnectionLane lane, Runnable wake) {
        while (lane.underWay < lane.most && !lane.waiting.isEmpty()) {
            var id = lane.waiting.remove();
            lane.underWay++;
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
            var polled = surroundings.look().apply(id);
            found.add(count(polled.found()));
            return polled;
        } catch (RuntimeException | Error e) {
            // an end that nobody hears of would leave the mailbox under way for ever
            log.error("{} could not be polled, trying again in {}", id, REST, e);
            return new PollResult(
                    RecoveredPage.RecoveryCounts.NONE, 0, Optional.of(new SubscriptionOutcome.Skipped("it failed")));
        }
    }

    private static long count(RecoveredPage.RecoveryCounts count) {
        return (long) count.created() + count.modified() + count.deleted();
    }
}
