package dev.tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.InMemoryLeases;
import dev.tidemark.interleaving.ThreadSchedules;
import dev.tidemark.store.lease.LeaseStore;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseCommand;
import dev.tidemark.store.lease.LeaseStore.NodeIdentity;
import dev.tidemark.testsupport.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/// Runs the lease keepers of two nodes under many schedules: renewals, hand-overs, a stop, and a pause of both nodes
/// that outlasts a lease.
final class LeaseInterleavingTest {
    private static final Duration LENGTH = Duration.ofSeconds(4);
    private static final Set<String> RESOURCES = Set.of("sink:a", "sink:b");

    @Test
    void a_lease_that_ends_leaves_no_two_nodes_at_work() {
        ThreadSchedules.explore(() -> {
            var clock = new SettableClock();
            var leases = new InMemoryLeases(clock);
            var ann = new Node("ann", leases, clock, () -> {});
            var ben = new Node("ben", leases, clock, () -> {});
            ThreadSchedules.together(() -> renew(ann, ben, 2), () -> renew(ben, ann, 2), () -> {
                clock.advance(LENGTH.dividedBy(2));
                assertExclusive(ann, ben);
                clock.advance(LENGTH);
            });
            assertExclusive(ann, ben);
            ann.keeper.close();
            ben.keeper.close();
        });
    }

    @Test
    void a_node_that_stops_hands_its_work_over_once() {
        ThreadSchedules.explore(() -> {
            var clock = new SettableClock();
            var leases = new InMemoryLeases(clock);
            var changes = new Semaphore(0);
            leases.onChange(changes::release);
            var ann = new Node("ann", leases, clock, changes::release);
            var ben = new Node("ben", leases, clock, changes::release);
            ann.keeper.renew();
            ThreadSchedules.together(() -> renew(ann, ben, 2), () -> renew(ben, ann, 2), ann.keeper::beginStop);
            ann.keeper.renew();
            ben.keeper.renew();
            while (!ann.running.isEmpty() || ben.running.size() < RESOURCES.size()) {
                changes.acquire();
                ann.keeper.renew();
                ben.keeper.renew();
            }
            assertExclusive(ann, ben);
            ann.keeper.close();
            ben.keeper.close();
        });
    }

    private static void renew(Node node, Node other, int times) {
        for (var i = 0; i < times; i++) {
            node.keeper.renew();
            assertExclusive(node, other);
        }
    }

    /// Fails if both nodes have a valid lease of one resource. Time may pass between two reads, so the first lease must
    /// still be valid after the second one was.
    private static void assertExclusive(Node one, Node other) {
        for (var resource : RESOURCES) {
            var first = one.valid(resource);
            var second = other.valid(resource);
            if (first.isPresent() && second.isPresent()) {
                assertThat(one.valid(resource)).as(resource).isNotEqualTo(first);
            }
        }
    }

    /// Node with its work.
    private static final class Node implements LeasedWork {
        /// @param isValid false once the lease may have ended
        private record Permit(Lease lease, BooleanSupplier isValid) {}

        final LeaseKeeper keeper;
        /// A concurrent map spins while another thread creates its table. A schedule may never run that thread.
        final Map<String, Permit> running = Collections.synchronizedMap(new TreeMap<>());

        private final Runnable onChange;

        /// @param onChange called after work has begun or ended
        Node(String name, LeaseStore leases, SettableClock clock, Runnable onChange) {
            this.onChange = onChange;
            var identity = new NodeIdentity(name, name + " 1", "1.0", Instant.EPOCH);
            // Fray cannot control virtual threads
            keeper = new LeaseKeeper(
                    leases, identity, LENGTH, () -> TimeUnit.MILLISECONDS.toNanos(clock.millis()), Thread::ofPlatform);
            keeper.work(List.of(this));
            keeper.join();
        }

        /// Returns the lease under which the node may work at present.
        Optional<Lease> valid(String resource) {
            return Optional.ofNullable(running.get(resource))
                    .filter(permit -> permit.isValid().getAsBoolean())
                    .map(Permit::lease);
        }

        @Override
        public Set<String> resources() {
            return RESOURCES;
        }

        /// Replaces the work of an earlier lease, which may end later on its own thread.
        @Override
        public void begin(Lease lease, BooleanSupplier isValid) {
            var earlier = running.put(lease.resource(), new Permit(lease, isValid));
            if (earlier != null) {
                assertThat(earlier.isValid().getAsBoolean()).as("earlier work").isFalse();
                assertThat(earlier.lease().number()).isLessThan(lease.number());
            }
            onChange.run();
        }

        @Override
        public void handOver(Lease lease) {
            end(lease);
        }

        @Override
        public void abandon(Lease lease) {
            end(lease);
        }

        /// Ends the work of the lease, unless it was already handed over.
        private void end(Lease lease) {
            running.computeIfPresent(
                    lease.resource(), (resource, permit) -> permit.lease().equals(lease) ? null : permit);
            onChange.run();
        }

        @Override
        public void order(LeaseCommand command) {
            throw new AssertionError("a command that was not posted");
        }
    }
}
