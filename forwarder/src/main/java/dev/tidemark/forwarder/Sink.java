package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.event.CloudEventRenderer;
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
import dev.tidemark.store.lease.LeaseStore.LeaseCommand;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/// One running sink: connects its worker, its sender and its view for the admin API. [EventForwarder] owns it.
/// Thread-safe.
final class Sink {
    /// Limit of deferred lanes that are searched for the oldest event; more would slow down the status page.
    private static final int LANES_SHOWN = 100;

    /// Time that a request may take beyond its timeout.
    static final Duration RESPONSE_MARGIN = Duration.ofSeconds(10);

    private final SinkConfig config;
    private final Shared shared;
    private final WatermarkStore store;
    private final SinkEventFilter replayFilter;
    private final ReplayRequestHandler replays;
    private final EventSender sender;
    private final SinkStats stats;
    /// empty while another node delivers to the sink
    private volatile Optional<SinkWorker> worker = Optional.empty();
    private volatile Optional<DeliveryPermit> permit = Optional.empty();

    private Sink(SinkConfig config, Shared shared, SinkTarget target, SinkStats stats) {
        this.config = config;
        this.shared = shared;
        this.store = shared.store();
        // an operator replays to the sinks of today
        this.replayFilter = SinkEventFilter.of(config, event -> shared.routing().latest(), this::groupNow);
        this.replays = new ReplayRequestHandler(
                config, replayFilter, store, shared.times().schedule());
        var events = new CloudEventRenderer(store.instance().name());
        this.sender = new EventSender(
                config.name(), events, store.details(), target, shared.times().schedule());
        this.stats = stats;
    }

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
    record Shared(WatermarkStore store, GroupRouting routing, SinkClocks times, DoubleSupplier random) {}

    /// Opens the target of a sink; this needs neither the store nor a thread.
    static SinkTarget openTarget(SinkConfig config, EgressPolicy egress, SinkClocks times) {
        // one connection more than deliveries use, for test events
        return config.target()
                .open(new SinkTargetContext(
                        config.name(),
                        egress,
                        times.requests(),
                        config.concurrency() + 1,
                        config.pace().batched()));
    }

    /// Opens the sink at its saved position.
    ///
    /// @param target open target, which the sink closes
    /// @throws StoreException if the store cannot be read
    static Sink open(SinkConfig config, Shared shared, SinkTarget target, SinkStats stats) {
        var sink = new Sink(config, shared, target, stats);
        sink.worker = Optional.of(sink.openWorker(DeliveryPermit.ALWAYS));
        return sink;
    }

    /// Creates a sink that delivers nothing until [#begin].
    ///
    /// @param target open target, which the sink closes
    static Sink standby(SinkConfig config, Shared shared, SinkTarget target, SinkStats stats) {
        return new Sink(config, shared, target, stats);
    }

    private SinkWorker openWorker(DeliveryPermit permit) {
        var clock = shared.times().schedule();
        var buffer = new SinkWriteBuffer(config.name(), store.journal(), permit.deliveries(store), clock.instant());
        var health = new SinkHealthTracker(policy(), config.pace().rateLimit(), buffer, clock.instant());
        var filter = SinkEventFilter.of(config, shared.routing()::routesOf, this::groupNow);
        var details = new DetailWaitPolicy(store.details(), clock.instant());
        var sources = new SinkController.Sources(
                new SinkBacklog(config, filter, details, buffer, stats),
                new ReplayBacklog(config, replayFilter, buffer, permit.replays(store), stats));
        var failures = new EventFailurePolicy(
                config.name(), new RetrySchedule(config.retry().schedule()), shared.random());
        var requests =
                new ThreadPoolBatchSender(config.name(), sender, stats, config.concurrency(), clock, permit.isValid());
        return new SinkWorker(
                config.name(),
                clock,
                requests,
                send -> new SinkController(sources, health, buffer, failures, send, clock),
                permit.isValid());
    }

    private SinkHealthPolicy policy() {
        return new SinkHealthPolicy(
                config.name(), config.concurrency(), config.retry().disableAfter());
    }

    /// Starts to deliver on this node, from the stored position.
    ///
    /// @throws StoreException if the store cannot be read
    synchronized void begin(DeliveryPermit next) {
        end(SinkWorker::abandon);
        var opened = openWorker(next);
        permit = Optional.of(next);
        worker = Optional.of(opened);
        opened.start();
    }

    /// Returns the permit under which this node delivers; empty if another node does.
    Optional<DeliveryPermit> permit() {
        return permit;
    }

    /// Stops to deliver under a lease after the requests in flight, and saves the position.
    synchronized void handOver(Lease lease) {
        endUnder(lease, running -> running.awaitStop(config.target().timeout().plus(RESPONSE_MARGIN)));
    }

    /// Stops to deliver under a lease at once.
    synchronized void abandon(Lease lease) {
        endUnder(lease, SinkWorker::abandon);
    }

    /// Ends the worker unless it delivers under a later lease.
    private void endUnder(Lease lease, WorkerEnd end) {
        if (permit.flatMap(DeliveryPermit::lease).filter(lease::equals).isPresent()) {
            end(end);
        }
    }

    /// Way to end a worker.
    @FunctionalInterface
    private interface WorkerEnd {
        void await(SinkWorker worker) throws InterruptedException;
    }

    private void end(WorkerEnd end) {
        worker.ifPresent(running -> {
            running.beginStop();
            try {
                end.await(running);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        worker = Optional.empty();
        permit = Optional.empty();
    }

    void start() {
        worker.ifPresent(SinkWorker::start);
    }

    SinkConfig config() {
        return config;
    }

    private SinkController.Snapshot snapshot() {
        return worker.map(SinkWorker::snapshot).orElseGet(this::storedSnapshot);
    }

    /// Returns the state that the node which delivers to the sink has stored.
    private SinkController.Snapshot storedSnapshot() {
        var status = store.deliveries().status(config.name());
        var position = store.deliveries().savedPosition(config.name());
        var upTo = position.map(DeliveryPosition::upTo).orElseGet(store.journal()::end);
        var state = policy().start(status, shared.times().schedule().instant());
        return new SinkController.Snapshot(state, upTo, upTo, 0, Optional.empty(), status.lastError());
    }

    SinkView view() {
        var snapshot = snapshot();
        var unread = Math.max(0, store.journal().end().value() - snapshot.read().value());
        var deferred = store.deliveries().deferredCount(config.name());
        return new SinkView(
                config.name(),
                config.target().type(),
                snapshot.state().label(),
                unread + snapshot.waiting() + deferred,
                oldest(snapshot),
                snapshot.lastError(),
                sender.lastRefusal(),
                snapshot.state().remedy(config.name()));
    }

    /// Returns the time of the oldest event in the window, in the rows and in the unread journal.
    private Optional<Instant> oldest(SinkController.Snapshot snapshot) {
        var inWindow = snapshot.oldest();
        var unread = inWindow.isPresent()
                ? Optional.<Instant>empty()
                : store.journal().read(snapshot.read(), 1).stream().findFirst().map(JournalEvent::recordedAt);
        var deliveries = store.deliveries();
        var inRows = deliveries.deferredLanes(config.name()).stream()
                .limit(LANES_SHOWN)
                .flatMap(lane -> deliveries.deferred(config.name(), lane.lane(), 1).stream())
                .flatMap(row -> store.journal().find(row.position()).stream())
                .map(JournalEvent::recordedAt);
        return Stream.concat(Stream.of(inWindow, unread).flatMap(Optional::stream), inRows)
                .filter(Objects::nonNull)
                .min(Instant::compareTo);
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

    /// Makes the sink read its replays from the store again.
    void reloadReplays() {
        order(SinkOrder.RELOAD);
    }

    void enable() {
        order(SinkOrder.ENABLE);
    }

    void disable() {
        order(SinkOrder.DISABLE);
    }

    /// Request of an operator to the node that delivers to the sink.
    enum SinkOrder {
        ENABLE,
        DISABLE,
        RELOAD
    }

    private static void carryOut(SinkOrder order, SinkWorker worker) {
        switch (order) {
            case ENABLE -> worker.enable();
            case DISABLE -> worker.disable();
            case RELOAD -> worker.reloadReplays();
        }
    }

    /// Carries out an order here, or passes it to the node that delivers to the sink.
    void order(SinkOrder order) {
        var running = worker;
        if (running.isPresent()) {
            carryOut(order, running.get());
        } else {
            store.leases().orElseThrow().post(new LeaseCommand(LeasedSinks.resourceOf(config.name()), order.name()));
        }
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
        worker.ifPresent(SinkWorker::wake);
    }

    void beginStop() {
        worker.ifPresent(SinkWorker::beginStop);
    }

    void close(Duration limit) throws InterruptedException {
        var running = worker;
        if (running.isPresent()) {
            running.get().awaitStop(limit);
        }
        sender.close();
    }
}
