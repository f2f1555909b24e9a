package dev.tidemark.daemon.canary;

import dev.tidemark.daemon.config.ConnectionConfigSection.CanarySection;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.connection.ConnectionStatus;
import dev.tidemark.subscriber.connection.ExchangeGateway;
import dev.tidemark.values.DurationHistogram;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the rounds of all canary mailboxes at their intervals, at most one round of a connection at a time. A thread
/// starts the due rounds, and each round has a thread. Metrics and the list of problems read the results. Thread-safe.
public final class CanaryMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CanaryMonitor.class);
    private static final long TICK_MILLIS = 500;

    private final Supplier<TidemarkConfig> running;
    private final WatermarkStore store;
    private final MailboxSubscriber subscriber;
    private final Clock clock;
    private final BooleanSupplier isOnDuty;
    private final Map<String, CanaryRecord> records = new ConcurrentHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("canary").unstarted(this::run);

    /// Failure of the last round.
    ///
    /// @param state `overdue` if its event did not arrive, `undelivered` if a sink did not get it, `refused` if
    /// its message could not be saved
    /// @param since time of the last arrival, or of the first failure without one; for `undelivered`, of the
    /// first failure
    public record CanaryFailure(String state, Instant since, String reason, String remedy) {}

    /// Results of the rounds of a connection since the start.
    ///
    /// @param arrivals durations until the event was in the journal
    /// @param deliveries durations until each sink of the mailbox's group had the event
    public record CanaryReading(
            String connection,
            Map<String, Long> rounds,
            Optional<Instant> lastSuccess,
            Optional<CanaryFailure> failure,
            DurationHistogram.Reading arrivals,
            Map<SinkName, DurationHistogram.Reading> deliveries) {}

    private CanaryMonitor(
            Supplier<TidemarkConfig> running,
            WatermarkStore store,
            MailboxSubscriber subscriber,
            Clock clock,
            BooleanSupplier isOnDuty) {
        this.running = running;
        this.store = store;
        this.subscriber = subscriber;
        this.clock = clock;
        this.isOnDuty = isOnDuty;
    }

    /// Starts the rounds; each first round comes one interval after the start, when its mailbox is subscribed.
    ///
    /// @param running returns the configuration in use
    /// @param isOnDuty false while another node does the timed work; then this one starts no round
    public static CanaryMonitor start(
            Supplier<TidemarkConfig> running,
            WatermarkStore store,
            MailboxSubscriber subscriber,
            Clock clock,
            BooleanSupplier isOnDuty) {
        var monitor = new CanaryMonitor(running, store, subscriber, clock, isOnDuty);
        monitor.thread.start();
        return monitor;
    }

    /// Returns the results of each configured canary.
    public List<CanaryReading> readings() {
        return configured().entrySet().stream()
                .map(each -> record(each.getKey(), each.getValue()).reading(each.getKey()))
                .toList();
    }

    private Map<String, CanarySection> configured() {
        var result = new LinkedHashMap<String, CanarySection>();
        running.get()
                .connections()
                .forEach((name, connection) -> connection.canary().ifPresent(canary -> result.put(name, canary)));
        return result;
    }

    /// Returns the results of a canary, with those of the sinks that its mailbox has now.
    private CanaryRecord record(String connection, CanarySection canary) {
        var record = records.computeIfAbsent(connection, ignored -> new CanaryRecord());
        record.useSinks(mailbox(canary).map(this::sinks).orElse(List.of()));
        return record;
    }

    private Optional<Mailbox> mailbox(CanarySection canary) {
        return store.mailboxes().find(canary.mailbox());
    }

    private void run() {
        try {
            do {
                startDueRounds();
            } while (!stopped.await(TICK_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void startDueRounds() {
        try {
            var canaries = configured();
            records.keySet().retainAll(canaries.keySet());
            canaries.forEach(this::startIfDue);
        } catch (RuntimeException e) {
            LOG.warn("Failed to start the rounds of the canaries; retrying", e);
        }
    }

    private void startIfDue(String connection, CanarySection canary) {
        var record = record(connection, canary);
        if (!isOnDuty.getAsBoolean()) {
            record.standBy();
        } else if (record.begin(clock.instant(), canary.interval())) {
            var partitions = running.get().cluster().partitionsInUse();
            var path = new CanaryPath(connection, canary);
            var round = new CanaryRound(connection, canary, record, store, clock, stopped, partitions, path);
            Thread.ofVirtual().name("canary-" + connection).start(round::run);
        }
    }

    /// Path of a canary in this daemon.
    private final class CanaryPath implements CanaryRound.PathLookup {
        private final String connection;
        private final CanarySection canary;

        private CanaryPath(String connection, CanarySection canary) {
            this.connection = connection;
            this.canary = canary;
        }

        @Override
        public Optional<ExchangeGateway> gateway() {
            return subscriber.exchange(connection);
        }

        @Override
        public Optional<Mailbox> mailbox() {
            return CanaryMonitor.this.mailbox(canary);
        }

        @Override
        public boolean isConnectionPaused() {
            return subscriber.connections().stream()
                    .anyMatch(each -> each.name().equals(connection) && each.state() == ConnectionStatus.State.PAUSED);
        }
    }

    private List<SinkName> sinks(Mailbox mailbox) {
        return running.get().groups().stream()
                .filter(group -> group.name().equals(mailbox.membership().group()))
                .flatMap(group -> group.forwardTo().stream())
                .map(SinkName::new)
                .toList();
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}
