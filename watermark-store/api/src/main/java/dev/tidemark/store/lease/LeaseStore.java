package dev.tidemark.store.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Nodes of a cluster and their leases. Each node calls [#renew] periodically, and others call [#post] at any
/// time. Guarantees that at most one node holds a resource at a time, by the clock of the database.
/// Thread-safe.
public interface LeaseStore extends AutoCloseable {
    /// Identity of a node.
    ///
    /// @param session differs for each start, so that a restarted node does not inherit the leases of its
    ///     predecessor
    record NodeIdentity(String name, String session, String version, Instant startedAt) {}

    /// Right to do the work of a resource.
    ///
    /// @param number rises at each change of the owner; a change in the store that carries an older number is
    ///     refused
    record Lease(String resource, long number) {}

    /// Node as the store knows it.
    ///
    /// @param lastSeenAt time of its last renewal, by the database
    /// @param clockOffset lead of its clock over that of the database
    /// @param alive false if the node has not renewed for the length of a lease
    /// @param takesWork false while the node starts or stops, so that it has no share of the leases
    /// @param leases resources that it holds, in order
    record ClusterNode(
            String name,
            String version,
            Instant startedAt,
            Instant lastSeenAt,
            Duration clockOffset,
            boolean alive,
            boolean takesWork,
            List<String> leases) {
        public ClusterNode {
            leases = List.copyOf(leases);
        }
    }

    /// Command of an operator for the holder of a resource, received by another node.
    record LeaseCommand(String resource, String text) {}

    /// Result of a renewal.
    ///
    /// @param isRefused true if another live node has the name of this one, or other sink partitions
    /// @param held leases of this node
    /// @param commands commands for their holder, oldest first, each handed out once
    /// @param nodes all nodes, by name
    record LeaseRound(boolean isRefused, List<Lease> held, List<LeaseCommand> commands, List<ClusterNode> nodes) {
        public LeaseRound {
            held = held.stream().sorted(Comparator.comparing(Lease::resource)).toList();
            commands = List.copyOf(commands);
            nodes = List.copyOf(nodes);
        }

        /// Returns the number of live nodes that share the leases.
        public int workers() {
            return Math.toIntExact(nodes.stream()
                    .filter(node -> node.alive() && node.takesWork())
                    .count());
        }
    }

    /// Returns the limit of leases of one node: an even share of all resources, rounded up.
    static int share(int resources, int nodes) {
        return Math.ceilDiv(resources, Math.max(1, nodes));
    }

    /// Adds this node to the cluster, without a share of the leases before its first renewal. Returns false while
    /// another live node has its name, or a different number of partitions of sinks.
    ///
    /// @throws dev.tidemark.store.StoreException if the database fails
    boolean join(NodeIdentity node, Duration length);

    /// Renews this node and its leases for `length`. Takes free leases of `resources` up to its share. A node that
    /// could not join now has no leases.
    ///
    /// @param resources resources whose work this node can do; none while it stops, so that the others share all
    /// @throws dev.tidemark.store.StoreException if the database fails; then the leases end in time
    LeaseRound renew(NodeIdentity node, Collection<String> resources, Duration length);

    /// Sets the action that follows a released lease or a posted command of another node. It may come late or
    /// never, so that a node must renew periodically in any case.
    ///
    /// @param wake must not block
    default void onChange(Runnable wake) {}

    /// Ends a lease at once, so that another node can take it. Does nothing if this node lost it.
    ///
    /// @throws dev.tidemark.store.StoreException if the database fails
    void release(NodeIdentity node, Lease lease);

    /// Ends all leases of this node at once and removes it from the cluster.
    ///
    /// @throws dev.tidemark.store.StoreException if the database fails
    void leave(NodeIdentity node);

    /// Keeps a command until the holder of the resource renews its lease.
    ///
    /// @throws dev.tidemark.store.StoreException if the database fails
    void post(LeaseCommand command);

    /// Ends the connection to the database; leases stay until they end in time.
    @Override
    void close();

    /// A change was refused, because another node has taken the lease under which it was made. Nothing was
    /// stored.
    final class LeaseLostException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public LeaseLostException(Lease lease) {
            super("Another node has taken " + lease.resource() + " after lease " + lease.number()
                    + "; this node changes nothing more for it.");
        }
    }
}
