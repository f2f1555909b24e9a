package dev.tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.contract.InMemoryLeases;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.lease.LeaseStore.ClusterNode;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseCommand;
import dev.tidemark.store.lease.LeaseStore.NodeIdentity;
import dev.tidemark.testsupport.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/// Moves nodes, leases and time by hand: the keepers' own threads do not run.
final class LeaseKeeperTest {
    private static final Duration LENGTH = Duration.ofSeconds(4);
    private static final NodeIdentity BEN = new NodeIdentity("ben", "ben 1", "1.0", Instant.EPOCH);

    private final SettableClock clock = new SettableClock();
    private final InMemoryLeases leases = new InMemoryLeases(clock);

    /// Node with its work.
    private final class TestNode implements LeasedWork {
        private final LeaseKeeper keeper;
        private final Map<String, BooleanSupplier> running = new ConcurrentHashMap<>();
        private final List<String> abandoned = Collections.synchronizedList(new ArrayList<>());
        private final List<LeaseCommand> orders = Collections.synchronizedList(new ArrayList<>());
        private volatile CountDownLatch drained = new CountDownLatch(0);

        TestNode(String name) {
            this(name, LENGTH);
        }

        TestNode(String name, Duration length) {
            var identity = new NodeIdentity(name, name + " 1", "1.0", Instant.EPOCH);
            keeper = new LeaseKeeper(leases, identity, length, LeaseKeeperTest.this::nanos);
            keeper.work(List.of(this));
            keeper.join();
        }

        @Override
        public Set<String> resources() {
            return Set.of("sink:a", "sink:b", "sink:c", "timed-work");
        }

        @Override
        public void begin(Lease lease, BooleanSupplier isValid) {
            running.put(lease.resource(), isValid);
        }

        @Override
        public void handOver(Lease lease) {
            try {
                drained.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            running.remove(lease.resource());
        }

        @Override
        public void abandon(Lease lease) {
            running.remove(lease.resource());
            abandoned.add(lease.resource());
        }

        @Override
        public void order(LeaseCommand command) {
            orders.add(command);
        }

        Set<String> valid() {
            return running.entrySet().stream()
                    .filter(entry -> entry.getValue().getAsBoolean())
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toUnmodifiableSet());
        }

        /// Renews until the node runs this number of works.
        void renewUntil(int works) {
            await().until(() -> {
                keeper.renew();
                return running.size() == works;
            });
        }
    }

    private long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }

    @Test
    void a_node_that_is_alone_does_all_work() {
        var ann = new TestNode("ann");
        ann.renewUntil(4);
        assertThat(ann.valid()).hasSize(4);
    }

    @Test
    void work_spreads_evenly_as_nodes_come_and_go() {
        var ann = new TestNode("ann");
        ann.renewUntil(4);
        var ben = new TestNode("ben");
        ben.keeper.renew();
        ann.renewUntil(2);
        ben.renewUntil(2);
        assertThat(ann.running.keySet()).doesNotContainAnyElementsOf(ben.running.keySet());
        ben.keeper.beginStop();
        ben.renewUntil(0);
        // before the stopping node has left
        ann.renewUntil(4);
        ben.keeper.close();
        assertThat(ann.abandoned).isEmpty();
    }

    @Test
    void a_stopping_node_wakes_the_others_long_before_their_next_renewal() {
        var ann = new TestNode("ann", Duration.ofDays(1));
        var ben = new TestNode("ben", Duration.ofDays(1));
        ann.keeper.start(List.of(ann));
        await().until(() -> ann.running.size() == 4);
        ben.keeper.renew();
        ben.keeper.start(List.of(ben));
        ann.keeper.beginStop();
        await().until(() -> ben.running.size() == 4);
        assertThat(ann.running).isEmpty();
        ann.keeper.close();
        ben.keeper.close();
    }

    @Test
    void a_node_that_has_joined_and_not_started_leaves_all_work_to_the_others() {
        var ann = new TestNode("ann");
        new TestNode("ben");
        ann.renewUntil(4);
        ann.keeper.renew();
        assertThat(ann.valid()).hasSize(4);
        assertThat(leases.renew(BEN, Set.of("sink:z"), LENGTH).held()).hasSize(1);
        ann.renewUntil(2);
    }

    @Test
    void a_renewal_after_the_end_does_not_bring_the_node_back() {
        var ann = new TestNode("ann");
        ann.renewUntil(4);
        ann.keeper.close();
        ann.keeper.renew();
        var ben = new TestNode("ben");
        ben.renewUntil(4);
        assertThat(ben.keeper.nodes()).extracting(ClusterNode::name).containsExactly("ben");
    }

    @Test
    void no_other_node_begins_before_the_work_has_ended() {
        var ann = new TestNode("ann");
        ann.renewUntil(4);
        ann.drained = new CountDownLatch(1);
        var ben = new TestNode("ben");
        ann.keeper.renew();
        for (var second = 0; second < 10; second++) {
            clock.advance(Duration.ofSeconds(1));
            ann.keeper.renew();
            ben.keeper.renew();
        }
        assertThat(ben.running).isEmpty();
        ann.drained.countDown();
        ann.renewUntil(2);
        ben.renewUntil(2);
    }

    @Test
    void the_work_of_a_node_that_died_moves_within_two_leases() {
        var ann = new TestNode("ann");
        ann.renewUntil(4);
        var ben = new TestNode("ben");
        for (var passed = Duration.ZERO; passed.compareTo(LENGTH.multipliedBy(2)) < 0; passed = passed.plusSeconds(1)) {
            clock.advance(Duration.ofSeconds(1));
            ben.keeper.renew();
        }
        await().until(() -> ben.running.size() == 4);
        assertThat(ben.keeper.nodes())
                .filteredOn(node -> !node.alive())
                .extracting(ClusterNode::name)
                .containsExactly("ann");
    }

    @Test
    void work_pauses_before_its_lease_ends_if_the_renewals_fail() {
        var ann = new TestNode("ann");
        ann.renewUntil(4);
        clock.advance(LENGTH.dividedBy(4).multipliedBy(3).minusMillis(1));
        assertThat(ann.valid()).hasSize(4);
        clock.advance(Duration.ofMillis(1));
        assertThat(ann.valid()).isEmpty();
        ann.keeper.renew();
        assertThat(ann.valid()).hasSize(4);
        assertThat(ann.abandoned).isEmpty();
    }

    @Test
    void a_node_that_was_stopped_and_comes_back_abandons_what_it_lost() {
        var ann = new TestNode("ann");
        ann.renewUntil(4);
        clock.advance(LENGTH);
        var ben = new TestNode("ben");
        ben.renewUntil(4);
        assertThat(ann.valid()).isEmpty();
        ann.keeper.renew();
        await().until(() -> ann.abandoned.size() == 4);
        assertThat(ann.running).isEmpty();
        // its share, in order
        ben.renewUntil(2);
        ann.renewUntil(2);
        assertThat(ann.valid()).hasSize(2);
    }

    @Test
    void an_order_of_another_node_reaches_the_work() {
        var ann = new TestNode("ann");
        ann.renewUntil(4);
        var order = new LeaseCommand("sink:a", "DISABLE");
        leases.post(order);
        ann.keeper.renew();
        await().untilAsserted(() -> assertThat(ann.orders).containsExactly(order));
    }

    @Test
    void a_node_that_another_replaced_while_it_was_frozen_ends_after_two_leases() {
        var ann = new TestNode("ann");
        ann.renewUntil(4);
        clock.advance(LENGTH);
        var replacement = new NodeIdentity("ann", "ann 2", "1.0", Instant.EPOCH);
        assertThat(leases.join(replacement, LENGTH)).isTrue();
        ann.keeper.renew();
        for (var half = 0; half < 4; half++) {
            assertThat(ann.keeper.obstacle()).isEmpty();
            clock.advance(LENGTH.dividedBy(2));
            leases.renew(replacement, Set.of(), LENGTH);
            ann.keeper.renew();
        }
        clock.advance(Duration.ofMillis(1));
        ann.keeper.renew();
        assertThat(ann.keeper.obstacle()).get(InstanceOfAssertFactories.STRING).contains("has the name 'ann'");
    }

    @Test
    void the_name_of_a_live_node_is_refused() {
        new TestNode("ann");
        var another = new NodeIdentity("ann", "ann 2", "1.0", Instant.EPOCH);
        var stopping = new LeaseKeeper(leases, another, Duration.ofMillis(40), System::nanoTime);
        assertThatThrownBy(stopping::join)
                .isInstanceOf(StoreException.class)
                .hasMessage(
                        "A live node of the cluster has the name 'ann' or a different cluster.sink-partitions; stop that node,"
                                + " set a different cluster.node, or set the same cluster.sink-partitions.");
    }
}
