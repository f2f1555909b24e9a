package dev.tidemark.forwarder;

import dev.tidemark.forwarder.Sink.DeliveryPermit;
import dev.tidemark.forwarder.Sink.SinkOrder;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseCommand;
import dev.tidemark.store.model.SinkName;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sinks of a node in a cluster, which delivers to those whose leases it holds. The threads of the node's
/// leases call it, one at a time per resource. Thread-safe.
public final class LeasedSinks {
    private static final Logger LOG = LoggerFactory.getLogger(LeasedSinks.class);
    private static final String PREFIX = "sink:";

    private final RunningSinks sinks;

    LeasedSinks(RunningSinks sinks) {
        this.sinks = sinks;
    }

    /// @param row name of a sink, or of a sink partition
    static String resourceOf(SinkName row) {
        return PREFIX + row.value();
    }

    /// Returns the resources of all configured sinks, one for each sink partition.
    public Set<String> resources() {
        return sinks.all().stream()
                .flatMap(sink -> sink.partitions().stream())
                .map(SinkPartitionRunner::resource)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Starts to deliver to the sink of a lease, from its stored position. Does nothing for a lease of other
    /// work, and while the forwarder stops.
    ///
    /// @param isValid false once the lease may have ended; then the sink pauses until it is valid again
    /// @throws dev.tidemark.store.StoreException if the store cannot be read
    public void begin(Lease lease, BooleanSupplier isValid) {
        sinks.begin(lease.resource(), new DeliveryPermit(Optional.of(lease), isValid));
    }

    /// Stops delivering to the sink of a lease after the requests in flight. On return its position is saved.
    public void handOver(Lease lease) {
        sinks.use(lease.resource(), runner -> runner.handOver(lease));
    }

    /// Stops delivering to the sink of a lease at once, because another node may have taken it.
    public void abandon(Lease lease) {
        sinks.use(lease.resource(), runner -> runner.abandon(lease));
    }

    /// Carries out the command of an operator that another node received.
    public void order(LeaseCommand command) {
        sinks.use(command.resource(), runner -> order(runner, command));
    }

    private static void order(SinkPartitionRunner runner, LeaseCommand command) {
        try {
            runner.order(SinkOrder.valueOf(command.text()));
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "{} ignores the unknown command {}, which a node of another version sent",
                    runner.resource(),
                    command.text());
        }
    }
}
