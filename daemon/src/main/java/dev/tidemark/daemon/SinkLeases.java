package dev.tidemark.daemon;

import dev.tidemark.forwarder.LeasedSinks;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseCommand;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Delivery to the sinks as work under leases, one lease per partition of a sink. Thread-safe.
record SinkLeases(LeasedSinks sinks) implements LeasedWork {
    @Override
    public Set<String> resources() {
        return sinks.resources();
    }

    @Override
    public void begin(Lease lease, BooleanSupplier isValid) {
        sinks.begin(lease, isValid);
    }

    @Override
    public void handOver(Lease lease) {
        sinks.handOver(lease);
    }

    @Override
    public void abandon(Lease lease) {
        sinks.abandon(lease);
    }

    @Override
    public void order(LeaseCommand command) {
        sinks.order(command);
    }
}
