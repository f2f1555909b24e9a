package dev.tidemark.daemon;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.lease.LeaseStore;
import dev.tidemark.store.lease.LeaseStore.ClusterNode;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseRound;
import dev.tidemark.store.lease.LeaseStore.NodeIdentity;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps this node in the cluster. A thread renews the node and its leases four times per lease, and as soon as
/// another node released a lease. It begins the work of leases that it acquired, and ends the work of leases that
/// it lost, or that exceed its share. A lease counts as valid for three quarters of its length after the start of
/// a renewal, by the monotonic clock, so that the work pauses before another node can begin it. Thread-safe.
final class LeaseKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final int RENEWALS = 4;

    private final LeaseStore leases;
    private final NodeIdentity node;
    private final Duration length;
    private final LongSupplier nanos;
    private final Supplier<? extends Thread.Builder> threads;
    private final NodeWatch watch;
    private final Semaphore wakeups = new Semaphore(0);
    private final Thread thread = Thread.ofVirtual().name("leases").unstarted(this::run);
    /// Leases of this node by resource. Guarded by this.
    private final Map<String, HeldLease> held = new TreeMap<>();

    private List<LeasedWork> work = List.of();
    private volatile boolean isStopping;
    private volatile boolean isClosed;
    private volatile Optional<String> obstacle = Optional.empty();
    private OptionalLong refusedSince = OptionalLong.empty();
    private boolean hasFailed;

    /// @param nanos monotonic clock
    LeaseKeeper(LeaseStore leases, NodeIdentity node, Duration length, LongSupplier nanos) {
        this(leases, node, length, nanos, Thread::ofVirtual);
    }

    /// @param threads creates the builder of the thread of a lease
    LeaseKeeper(
            LeaseStore leases,
            NodeIdentity node,
            Duration length,
            LongSupplier nanos,
            Supplier<? extends Thread.Builder> threads) {
        this.leases = leases;
        this.node = node;
        this.length = length;
        this.nanos = nanos;
        this.threads = threads;
        this.watch = new NodeWatch(node.name());
        leases.onChange(wakeups::release);
    }

    /// Joins the cluster.
    ///
    /// @throws StoreException if the database fails, or a live node has this name for longer than a dead one
    ///     could
    void join() {
        var deadline = nanos.getAsLong() + length.multipliedBy(2).toNanos();
        while (!leases.join(node, length)) {
            if (isStopping || nanos.getAsLong() - deadline > 0) {
                throw StoreException.ofUse(refusal(), new IllegalStateException("name in use"));
            }
            pause();
        }
        LOG.info("Joined the cluster as node {}", node.name());
    }

    private String refusal() {
        return "A live node of the cluster has the name '" + node.name()
                + "' or a different cluster.sink-partitions; stop that node, set a different cluster.node, or set the"
                + " same cluster.sink-partitions.";
    }

    /// Returns the reason why this node cannot work any more: another one has replaced it. Empty otherwise.
    Optional<String> obstacle() {
        return obstacle;
    }

    /// Starts to take leases.
    void start(List<LeasedWork> works) {
        work(works);
        thread.start();
    }

    /// Sets the work that needs leases, before any renewal.
    void work(List<LeasedWork> works) {
        work = List.copyOf(works);
    }

    /// Returns all nodes as of the last renewal.
    List<ClusterNode> nodes() {
        return watch.nodes();
    }

    private void run() {
        while (!isClosed) {
            try {
                renew();
            } catch (RuntimeException e) {
                LOG.error("Failed to process the leases of this node; retrying", e);
            }
            pause();
        }
    }

    private void pause() {
        try {
            if (wakeups.tryAcquire(length.dividedBy(RENEWALS).toMillis(), TimeUnit.MILLISECONDS)) {
                wakeups.drainPermits();
            }
        } catch (InterruptedException e) {
            isClosed = true;
            Thread.currentThread().interrupt();
        }
    }

    /// Renews once, and acts on the result.
    synchronized void renew() {
        if (isClosed) {
            return;
        }
        var started = nanos.getAsLong();
        var resources = isStopping ? Set.<String>of() : resources();
        var round = renewed(resources);
        if (round.isEmpty() || isClosed) {
            return;
        }
        var validUntil = started + length.toNanos() / RENEWALS * (RENEWALS - 1);
        noteRefusal(round.get().isRefused(), started);
        dropLost(round.get());
        round.get().held().forEach(lease -> keep(lease, validUntil));
        releaseSurplus(resources, round.get().workers());
        round.get()
                .commands()
                .forEach(command -> Optional.ofNullable(held.get(command.resource()))
                        .ifPresent(lease -> lease.run(() -> work.forEach(each -> each.order(command)))));
        watch.observe(round.get().nodes());
    }

    /// Gives up after two leases, within which the row of a node that died ends.
    private void noteRefusal(boolean isRefused, long now) {
        if (!isRefused) {
            refusedSince = OptionalLong.empty();
        } else if (refusedSince.isEmpty()) {
            refusedSince = OptionalLong.of(now);
        } else if (now - refusedSince.getAsLong() > length.multipliedBy(2).toNanos()) {
            obstacle = Optional.of(refusal());
        }
    }

    private Set<String> resources() {
        return work.stream().flatMap(each -> each.resources().stream()).collect(Collectors.toUnmodifiableSet());
    }

    private Optional<LeaseRound> renewed(Set<String> resources) {
        try {
            var round = leases.renew(node, resources, length);
            if (hasFailed) {
                LOG.info("Resumed renewing the leases of this node");
            }
            hasFailed = false;
            return Optional.of(round);
        } catch (StoreException e) {
            if (!hasFailed) {
                LOG.warn("Failed to renew the leases of this node; its work pauses when they end: {}", e.getMessage());
            }
            hasFailed = true;
            return Optional.empty();
        }
    }

    private void dropLost(LeaseRound round) {
        for (var lease : List.copyOf(held.values())) {
            if (!round.held().contains(lease.lease())) {
                LOG.warn("This node has lost the lease of {}; another node continues its work", lease.resource());
                lease.invalidate();
                lease.end(() -> work.forEach(each -> each.abandon(lease.lease())));
                held.remove(lease.resource());
            }
        }
    }

    private void keep(Lease lease, long validUntil) {
        var known = held.get(lease.resource());
        if (known != null) {
            known.extend(validUntil);
            return;
        }
        var begun = new HeldLease(lease, nanos, validUntil, threads);
        held.put(lease.resource(), begun);
        begun.run(() -> begin(begun));
    }

    private void begin(HeldLease lease) {
        try {
            work.forEach(each -> each.begin(lease.lease(), lease::isValid));
            LOG.info(
                    "This node does the work of {} now, by lease {}",
                    lease.resource(),
                    lease.lease().number());
        } catch (RuntimeException e) {
            LOG.warn("Failed to begin the work of {}; releasing its lease", lease.resource(), e);
            lease.markEnding();
            release(lease);
        }
    }

    /// Releases the leases of work that is no longer configured, and those beyond the share of this node.
    private void releaseSurplus(Set<String> resources, int workers) {
        var active = held.values().stream().filter(lease -> !lease.isEnding()).toList();
        var unwanted = active.stream()
                .filter(lease -> !resources.contains(lease.resource()))
                .toList();
        var surplus = active.size() - unwanted.size() - LeaseStore.share(resources.size(), workers);
        unwanted.forEach(this::handOver);
        active.stream()
                .filter(lease -> resources.contains(lease.resource()))
                .sorted(Comparator.comparing(HeldLease::resource).reversed())
                .limit(Math.max(0, surplus))
                .forEach(this::handOver);
        // a release that failed before
        held.values().stream().filter(HeldLease::hasEnded).toList().forEach(this::release);
    }

    private void handOver(HeldLease lease) {
        lease.markEnding();
        lease.run(() -> {
            work.forEach(each -> each.handOver(lease.lease()));
            release(lease);
        });
    }

    /// Ends a lease whose work has ended. Excludes a renewal, whose result would otherwise bring the lease back.
    private synchronized void release(HeldLease lease) {
        if (!held.containsValue(lease)) {
            // leaving the cluster has already released all leases
            return;
        }
        lease.markEnded();
        try {
            leases.release(node, lease.lease());
            lease.end(() -> {});
            held.remove(lease.resource(), lease);
            LOG.info("This node no longer does the work of {}", lease.resource());
        } catch (StoreException e) {
            LOG.debug("Failed to release {}; retrying", lease.resource(), e);
        }
    }

    /// Takes no more leases, and hands all over. Returns at once.
    void beginStop() {
        isStopping = true;
        wakeups.release();
    }

    /// Leaves the cluster, so that other nodes take the leases at once. The work must have ended.
    @Override
    public void close() {
        isClosed = true;
        wakeups.release();
        leave();
    }

    private synchronized void leave() {
        held.values().forEach(HeldLease::invalidate);
        held.values().forEach(lease -> lease.end(() -> {}));
        held.clear();
        try {
            leases.leave(node);
            LOG.info("Left the cluster");
        } catch (StoreException e) {
            LOG.warn("Failed to leave the cluster; other nodes take over when the leases end: {}", e.getMessage());
        }
    }
}
