package dev.tidemark.daemon;

import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseCommand;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Work that one node of a cluster does at a time. [LeaseKeeper] calls it, on one thread per resource.
interface LeasedWork {
    /// Returns the resources that a node needs a lease of.
    Set<String> resources();

    /// Begins the work of a lease.
    ///
    /// @param isValid false once the lease may have ended; then the work pauses until it is valid again
    void begin(Lease lease, BooleanSupplier isValid);

    /// Ends the work of a lease in order. On return another node can continue it.
    void handOver(Lease lease);

    /// Ends the work of a lease that another node may have taken.
    void abandon(Lease lease);

    /// Carries out a command for the holder of the lease.
    void order(LeaseCommand command);
}
