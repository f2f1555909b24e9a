package dev.tidemark.daemon;

import dev.tidemark.store.lease.LeaseStore.Lease;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lease that this node holds, and the thread of its work. [LeaseKeeper] owns it. Thread-safe.
final class HeldLease {
    private static final Logger LOG = LoggerFactory.getLogger(HeldLease.class);

    private final Lease lease;
    private final LongSupplier nanos;
    private final ExecutorService thread;
    private volatile long validUntil;
    private volatile boolean isInvalid;
    private volatile boolean isEnding;
    private volatile boolean hasEnded;

    /// @param threads creates the builder of its thread
    HeldLease(Lease lease, LongSupplier nanos, long validUntil, Supplier<? extends Thread.Builder> threads) {
        this.lease = lease;
        this.nanos = nanos;
        this.validUntil = validUntil;
        this.thread = Executors.newSingleThreadExecutor(
                threads.get().name("lease-" + lease.resource()).factory());
    }

    Lease lease() {
        return lease;
    }

    String resource() {
        return lease.resource();
    }

    void extend(long until) {
        validUntil = until;
    }

    /// Returns false once another node may have taken the lease.
    boolean isValid() {
        return !isInvalid && nanos.getAsLong() - validUntil < 0;
    }

    void invalidate() {
        isInvalid = true;
    }

    /// Records that its work is being handed over.
    void markEnding() {
        isEnding = true;
    }

    boolean isEnding() {
        return isEnding;
    }

    /// Records that its work has ended, so that the lease can be released.
    void markEnded() {
        hasEnded = true;
    }

    boolean hasEnded() {
        return hasEnded;
    }

    /// Runs a task after the earlier ones of this lease.
    void run(Runnable task) {
        thread.execute(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.warn("Failed to change the work of {} on this node", resource(), e);
            }
        });
    }

    /// Runs the last task.
    void end(Runnable last) {
        run(last);
        thread.shutdown();
    }
}
