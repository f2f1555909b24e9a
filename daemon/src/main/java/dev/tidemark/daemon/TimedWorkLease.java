package dev.tidemark.daemon;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseCommand;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Timed work of a cluster under one lease: compensation, retention, refreshes of addresses and distribution
/// groups, and details of items. Modules ask [#isHere] before they start anything. Thread-safe.
final class TimedWorkLease implements LeasedWork {
    static final String RESOURCE = "timed-work";

    /// Limit for the requests in flight to Exchange when the work moves to another node.
    private static final Duration HAND_OVER_LIMIT = Duration.ofSeconds(25);

    private static final Duration POLL = Duration.ofMillis(50);

    private static final Duty NONE = new Duty(new Lease(RESOURCE, 0), () -> false);

    /// Lease of this node; ended by replacing it.
    private record Duty(Lease lease, BooleanSupplier isValid) {}

    private final AtomicReference<Duty> duty = new AtomicReference<>(NONE);
    private volatile Runnable onBegin = () -> {};
    private volatile BooleanSupplier isIdle = () -> true;

    /// Connects the module that must notice the begin and the end of the duty.
    void connect(Compensator compensator) {
        isIdle = compensator::isIdle;
        onBegin = compensator::takeOver;
    }

    /// Returns whether this node does the timed work now.
    boolean isHere() {
        return duty.get().isValid().getAsBoolean();
    }

    @Override
    public Set<String> resources() {
        return Set.of(RESOURCE);
    }

    private static boolean isOurs(Lease lease) {
        return lease.resource().equals(RESOURCE);
    }

    @Override
    public void begin(Lease lease, BooleanSupplier valid) {
        if (isOurs(lease)) {
            duty.set(new Duty(lease, valid));
            onBegin.run();
        }
    }

    @Override
    public void handOver(Lease lease) {
        if (isOurs(lease)) {
            abandon(lease);
            var deadline = System.nanoTime() + HAND_OVER_LIMIT.toNanos();
            while (!isIdle.getAsBoolean() && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL.toMillis()));
            }
        }
    }

    @Override
    public void abandon(Lease lease) {
        duty.updateAndGet(now -> now.lease().equals(lease) ? NONE : now);
    }

    @Override
    public void order(LeaseCommand command) {
        // pending work is in the store
    }
}
