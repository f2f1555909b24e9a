package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.heartbeat.HeartbeatQueue;
import dev.tidemark.forwarder.heartbeat.HeartbeatQueue.Heartbeat;
import dev.tidemark.forwarder.operator.ReplayRequest;
import dev.tidemark.forwarder.operator.ReplayResult;
import dev.tidemark.forwarder.operator.SinkCounters;
import dev.tidemark.forwarder.operator.SinkTestResult;
import dev.tidemark.forwarder.operator.SinkView;
import dev.tidemark.forwarder.routing.GroupRouting;
import dev.tidemark.forwarder.routing.SinkEventFilter;
import dev.tidemark.forwarder.targets.EgressPolicy;
import dev.tidemark.forwarder.targets.SinkTarget;
import dev.tidemark.forwarder.targets.SinkTargetContext;
import dev.tidemark.store.DeliveryStore;
import dev.tidemark.store.ItemDetailStore;
import dev.tidemark.store.ReplayStore;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkPartition;
import dev.tidemark.tracing.EventTracer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/// One running sink: connects the workers of its partitions, its sender and its view for the admin API.
/// [EventForwarder] owns it. Thread-safe.
final class Sink {
    /// Time that a request may take beyond its timeout.
    static final Duration RESPONSE_MARGIN = Duration.ofSeconds(10);

    private final SinkConfig config;
    private final WatermarkStore store;
    private final ReplayRequestHandler replays;
    private final EventSender sender;
    private final SinkStats stats;
    private final List<SinkPartitionRunner> partitions;
    /// empty unless the `events` of the sink name heartbeats
    private final Optional<HeartbeatQueue> heartbeats;

    private Sink(SinkConfig config, Shared shared, SinkTarget target, SinkStats stats) {
        this.config = config;
        this.store = shared.store();
        // an operator replays to the sinks of today
        var replayFilter = SinkEventFilter.of(config, event -> shared.routing().latest(), this::groupNow);
        this.replays = new ReplayRequestHandler(
                config, replayFilter, store, shared.times().schedule());
        var events = new CloudEventRenderer(store.instance().name());
        this.sender = new EventSender(
                config.name(), events, store.details(), target, shared.times().schedule(), shared.tracer());
        this.stats = stats;
        var filter = SinkEventFilter.of(config, shared.routing()::routesOf, this::groupNow);
        var outlet = new SinkOutlet(sender, stats, filter, replayFilter);
        this.partitions = SinkPartition.all(shared.partitions()).stream()
                .map(partition -> new SinkPartitionRunner(partition, config, shared, outlet))
                .toList();
        this.heartbeats = config.wantsHeartbeats()
                ? Optional.of(new HeartbeatQueue(config.name(), this::send))
                : Optional.empty();
    }

    /// Sends a heartbeat, unless the sink does not accept events at present. Its failure does not count.
    private void send(Heartbeat heartbeat) {
        if (partitions.stream().allMatch(runner -> runner.state() instanceof SinkState.Active)) {
            sender.heartbeat(heartbeat);
        }
    }

    /// Sends a heartbeat on another thread if the `events` of the sink name heartbeats.
    void offer(Heartbeat heartbeat) {
        heartbeats.ifPresent(queue -> queue.offer(heartbeat));
    }

    /// Objects that all partitions of a sink share.
    record SinkOutlet(EventSender sender, SinkStats stats, SinkEventFilter filter, SinkEventFilter replayFilter) {}

    private Optional<String> groupNow(MailboxId id) {
        return store.mailboxes().find(id).map(mailbox -> mailbox.membership().group());
    }

    /// Clock of the delivery schedule and clock of the timestamps in requests.
    record SinkClocks(Clock schedule, Clock requests) {}

    /// Right of this node to deliver to a sink.
    ///
    /// @param lease lease in a cluster; empty on a single node
    /// @param isValid false once the lease may have ended
    record DeliveryPermit(Optional<Lease> lease, BooleanSupplier isValid) {
        /// Permit of a single node.
        static final DeliveryPermit ALWAYS = new DeliveryPermit(Optional.empty(), () -> true);

        DeliveryStore deliveries(WatermarkStore store) {
            return lease.map(held -> store.deliveries().under(held)).orElseGet(store::deliveries);
        }

        ReplayStore replays(WatermarkStore store) {
            return lease.map(held -> store.replays().under(held)).orElseGet(store::replays);
        }
    }

    /// Dependencies that all sinks share.
    ///
    /// @param random random number of at least 0 and less than 1, for the jitter of retries
    /// @param partitions number of partitions of each sink
    /// @param tracer records the attempts to deliver
    record Shared(
            WatermarkStore store,
            GroupRouting routing,
            SinkClocks times,
            DoubleSupplier random,
            int partitions,
            EventTracer tracer) {
        /// Returns a view of the store for each partition.
        Stream<DeliveryStore> deliveries() {
            return SinkPartition.all(partitions).stream()
                    .map(partition -> store.deliveries().of(partition));
        }
    }

    /// Opens the target of a sink; this needs neither the store nor a thread.
    static SinkTarget openTarget(SinkConfig config, EgressPolicy egress, SinkClocks times, int partitions) {
        // each partition sends at least one request at a time; one connection more for test events, one for heartbeats
        return config.target()
                .open(new SinkTargetContext(
                        config.name(),
                        egress,
                        times.requests(),
                        Math.max(config.concurrency(), partitions) + (config.wantsHeartbeats() ? 2 : 1),
                        config.pace().batched()));
    }

    /// Opens the sink at its saved position.
    ///
    /// @param target open target, which the sink closes
    /// @throws StoreException if the store cannot be read
    static Sink open(SinkConfig config, Shared shared, SinkTarget target, SinkStats stats) {
        var sink = new Sink(config, shared, target, stats);
        sink.partitions.forEach(runner -> runner.open(DeliveryPermit.ALWAYS));
        return sink.withHeartbeats();
    }

    /// Creates a sink that delivers nothing until [#begin].
    ///
    /// @param target open target, which the sink closes
    static Sink standby(SinkConfig config, Shared shared, SinkTarget target, SinkStats stats) {
        return new Sink(config, shared, target, stats).withHeartbeats();
    }

    /// Begins to send heartbeats, which need no lease.
    private Sink withHeartbeats() {
        heartbeats.ifPresent(HeartbeatQueue::start);
        return this;
    }

    /// Returns the partitions of the sink, in order.
    List<SinkPartitionRunner> partitions() {
        return partitions;
    }

    void start() {
        partitions.forEach(SinkPartitionRunner::start);
    }

    SinkConfig config() {
        return config;
    }

    private SinkController.Snapshot snapshot() {
        return partitions.stream()
                .map(SinkPartitionRunner::snapshot)
                .reduce(SinkController.Snapshot::with)
                .orElseThrow();
    }

    SinkView view() {
        var snapshot = snapshot();
        var unread = Math.max(0, store.journal().end().value() - snapshot.read().value());
        var deferred = store.deliveries().deferredCount(config.name());
        return new SinkView(
                config.name(),
                config.target().type(),
                snapshot.state().label(),
                snapshot.state().troubledSince(),
                unread + snapshot.waiting() + deferred,
                oldest(snapshot, unread, deferred),
                snapshot.lastError(),
                sender.lastRefusal(),
                snapshot.state().remedy(config.name()));
    }

    /// Returns the time of the oldest event in the window, in the rows and in the unread journal. Reads the store
    /// only if events wait, because the status page and monitoring call this every few seconds.
    ///
    /// @param unread number of events of the journal behind the window
    /// @param deferred number of rows
    private Optional<Instant> oldest(SinkController.Snapshot snapshot, long unread, long deferred) {
        var inWindow = snapshot.oldest();
        var inJournal = inWindow.isPresent() || unread == 0
                ? Optional.<Instant>empty()
                : store.journal().read(snapshot.read(), 1).stream().findFirst().map(JournalEvent::recordedAt);
        var inRows = deferred == 0
                ? Optional.<Instant>empty()
                : store.deliveries()
                        .oldestDeferred(config.name())
                        .flatMap(store.journal()::find)
                        .map(JournalEvent::recordedAt);
        return Stream.of(inWindow, inJournal, inRows).flatMap(Optional::stream).min(Instant::compareTo);
    }

    /// Returns the position after which the sink reads the journal again when it is replaced.
    JournalPosition saved() {
        return snapshot().saved();
    }

    /// Returns true if events up to `end` are unread or wait in the window.
    boolean isBehind(JournalPosition end) {
        var snapshot = snapshot();
        return snapshot.waiting() > 0 || snapshot.read().compareTo(end) < 0;
    }

    SinkCounters counters() {
        return stats.snapshot();
    }

    void countForgotten(long events) {
        stats.forgotten.add(events);
    }

    /// Counts events and replays them unless it is a dry run.
    ReplayResult replay(ReplayRequest request) {
        var result = replays.handle(request, snapshot().read());
        if (result.id().isPresent()) {
            reloadReplays();
        }
        return result;
    }

    /// Makes the sink read its replays from the store again. The first partition sends all of them.
    void reloadReplays() {
        partitions.getFirst().order(SinkOrder.RELOAD);
    }

    void enable() {
        orderAll(SinkOrder.ENABLE);
    }

    void disable() {
        orderAll(SinkOrder.DISABLE);
    }

    /// Passes an order to all partitions, also after one of them failed.
    private void orderAll(SinkOrder order) {
        var failures = new ArrayList<RuntimeException>();
        for (var runner : partitions) {
            try {
                runner.order(order);
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw partitions.size() == 1 ? failures.getFirst() : failed(order, failures);
        }
    }

    /// Returns the failure of some partitions, which concerns the store only if all do.
    private RuntimeException failed(SinkOrder order, List<RuntimeException> failures) {
        var first = failures.getFirst();
        var text = String.format(
                "%d of %d partitions of sink '%s' did not %s; repeat the command: %s",
                failures.size(),
                partitions.size(),
                config.name(),
                order.name().toLowerCase(Locale.ROOT),
                first.getMessage());
        var failed = failures.stream().allMatch(StoreException.class::isInstance)
                ? new StoreException(text, first)
                : new IllegalStateException(text, first);
        failures.stream().skip(1).forEach(failed::addSuppressed);
        return failed;
    }

    /// Request of an operator to the node that delivers.
    enum SinkOrder {
        ENABLE,
        DISABLE,
        RELOAD
    }

    SinkTestResult test() {
        return test(sender);
    }

    /// Sends a test event to a sink that does not run.
    static SinkTestResult testOnce(SinkConfig config, EgressPolicy egress, String instance, Clock clock) {
        var context = new SinkTargetContext(
                config.name(), egress, clock, 1, config.pace().batched());
        var target = config.target().open(context);
        var events = new CloudEventRenderer(instance);
        try (var sender = new EventSender(config.name(), events, ItemDetailStore.NONE, target, clock)) {
            return test(sender);
        }
    }

    private static SinkTestResult test(EventSender sender) {
        var result = sender.ping();
        return SinkTestResult.of(FailureKind.of(result) == FailureKind.NONE, result);
    }

    void wake() {
        partitions.forEach(SinkPartitionRunner::wake);
    }

    void beginStop() {
        heartbeats.ifPresent(HeartbeatQueue::close);
        partitions.forEach(SinkPartitionRunner::beginStop);
    }

    void close(Duration limit) throws InterruptedException {
        var deadline = System.nanoTime() + limit.toNanos();
        for (var runner : partitions) {
            runner.awaitStop(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
        sender.close();
    }
}
