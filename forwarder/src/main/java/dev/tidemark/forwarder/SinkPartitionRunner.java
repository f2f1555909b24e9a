package dev.tidemark.forwarder;

import dev.tidemark.forwarder.Sink.DeliveryPermit;
import dev.tidemark.forwarder.Sink.SinkOrder;
import dev.tidemark.forwarder.Sink.SinkOutlet;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.store.DeliveryStore;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseCommand;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.SinkPartition;
import dev.tidemark.store.model.SinkStatus;
import java.time.Duration;
import java.util.Optional;

/// Delivery of one partition of a sink, while this node does it. [Sink] owns it. Thread-safe.
final class SinkPartitionRunner {
    private final SinkPartition partition;
    private final SinkConfig config;
    private final Sink.Shared shared;
    private final SinkOutlet outlet;
    private final WatermarkStore store;
    /// empty while another node delivers
    private volatile Optional<SinkWorker> worker = Optional.empty();
    private volatile Optional<DeliveryPermit> permit = Optional.empty();

    /// @param config settings of the whole sink
    SinkPartitionRunner(SinkPartition partition, SinkConfig config, Sink.Shared shared, SinkOutlet outlet) {
        this.partition = partition;
        this.config = config.share(partition);
        this.shared = shared;
        this.outlet = outlet;
        this.store = shared.store();
    }

    SinkPartition partition() {
        return partition;
    }

    String resource() {
        return LeasedSinks.resourceOf(partition.row(config.name()));
    }

    private DeliveryStore stored() {
        return store.deliveries().of(partition);
    }

    /// Opens a worker at the saved position without starting it.
    ///
    /// @throws dev.tidemark.store.StoreException if the store cannot be read
    void open(DeliveryPermit next) {
        worker = Optional.of(openWorker(next));
    }

    private SinkWorker openWorker(DeliveryPermit next) {
        var clock = shared.times().schedule();
        var label = partition.row(config.name());
        var buffer = new SinkWriteBuffer(
                config.name(),
                partition,
                store.journal(),
                next.deliveries(store).of(partition),
                clock.instant());
        var health = new SinkHealthTracker(policy(), config.pace().rateLimit(), buffer, clock.instant());
        var details = new DetailWaitPolicy(store.details(), clock.instant());
        var sources = new SinkController.Sources(
                new SinkBacklog(config, outlet.filter(), details, buffer, outlet.stats()),
                new ReplayBacklog(config, outlet.replayFilter(), buffer, next.replays(store), outlet.stats()));
        var failures = new EventFailurePolicy(
                config.name(), new RetrySchedule(config.retry().schedule()), shared.random());
        var requests = new ThreadPoolBatchSender(
                label, outlet.sender(), outlet.stats(), config.concurrency(), clock, next.isValid());
        return new SinkWorker(
                label,
                clock,
                requests,
                send -> new SinkController(sources, health, buffer, failures, send, clock),
                next.isValid());
    }

    private SinkHealthPolicy policy() {
        return new SinkHealthPolicy(
                config.name(), config.concurrency(), config.retry().disableAfter());
    }

    /// Starts to deliver on this node, from the stored position.
    ///
    /// @throws dev.tidemark.store.StoreException if the store cannot be read
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
        endUnder(lease, running -> running.awaitStop(config.target().timeout().plus(Sink.RESPONSE_MARGIN)));
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

    /// Returns the state alone, which costs one query if another node delivers.
    SinkState state() {
        return worker.map(running -> running.snapshot().state())
                .orElseGet(() -> stateOf(stored().status(config.name())));
    }

    private SinkState stateOf(SinkStatus status) {
        return policy().start(status, shared.times().schedule().instant());
    }

    SinkController.Snapshot snapshot() {
        return worker.map(SinkWorker::snapshot).orElseGet(this::storedSnapshot);
    }

    /// Returns the state that the delivering node has stored.
    private SinkController.Snapshot storedSnapshot() {
        var status = stored().status(config.name());
        var position = stored().savedPosition(config.name());
        var upTo = position.map(DeliveryPosition::upTo).orElseGet(store.journal()::end);
        return new SinkController.Snapshot(stateOf(status), upTo, upTo, 0, Optional.empty(), status.lastError());
    }

    /// Carries out an order here, or passes it to the node that delivers.
    void order(SinkOrder order) {
        var running = worker;
        if (running.isPresent()) {
            carryOut(order, running.get());
        } else {
            store.leases().orElseThrow().post(new LeaseCommand(resource(), order.name()));
        }
    }

    private static void carryOut(SinkOrder order, SinkWorker worker) {
        switch (order) {
            case ENABLE -> worker.enable();
            case DISABLE -> worker.disable();
            case RELOAD -> worker.reloadReplays();
        }
    }

    void wake() {
        worker.ifPresent(SinkWorker::wake);
    }

    void beginStop() {
        worker.ifPresent(SinkWorker::beginStop);
    }

    void awaitStop(Duration limit) throws InterruptedException {
        var running = worker;
        if (running.isPresent()) {
            running.get().awaitStop(limit);
        }
    }
}
