package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.lease.LeaseStore;
import dev.tidemark.store.lease.LeaseStore.ClusterNode;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseCommand;
import dev.tidemark.store.lease.LeaseStore.NodeIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Promises of [LeaseStore]. A node that holds a lease for an hour is alive in these tests, and one that holds
/// it for a millisecond has died.
public abstract class LeaseStoreContract {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Instant STARTED = Instant.parse("2026-11-01T09:00:00Z");
    private static final NodeIdentity ANN = node("ann", "1");
    private static final NodeIdentity BEN = node("ben", "2");
    private static final NodeIdentity CAT = node("cat", "3");
    private static final Set<String> SINKS = Set.of("sink:a", "sink:b", "sink:c", "sink:d");

    private LeaseStore leases;

    /// Returns a store without nodes and leases.
    protected abstract LeaseStore emptyStore();

    /// Lets time pass by the clock of the store. Does nothing if that is the time of the day.
    protected abstract void advance(Duration time);

    private static NodeIdentity node(String name, String session) {
        return new NodeIdentity(name, session, "1.0", STARTED);
    }

    @BeforeEach
    void open() {
        leases = emptyStore();
    }

    @AfterEach
    void close() {
        leases.close();
    }

    private List<Lease> renew(NodeIdentity node, Duration length) {
        return leases.renew(node, SINKS, length).held();
    }

    private static List<Lease> firstLeases(String... resources) {
        return List.of(resources).stream()
                .map(resource -> new Lease(resource, 1))
                .toList();
    }

    @Test
    void a_node_that_is_alone_takes_everything_and_keeps_it() {
        assertThat(leases.join(ANN, LONG)).isTrue();
        var all = firstLeases("sink:a", "sink:b", "sink:c", "sink:d");
        assertThat(renew(ANN, LONG)).isEqualTo(all);
        assertThat(renew(ANN, LONG)).isEqualTo(all);
    }

    @Test
    void a_node_takes_at_most_its_share() {
        leases.join(ANN, LONG);
        leases.join(BEN, LONG);
        leases.renew(BEN, Set.of("sink:z"), LONG);
        assertThat(renew(ANN, LONG)).isEqualTo(firstLeases("sink:a", "sink:b"));
        leases.release(BEN, new Lease("sink:z", 1));
        assertThat(renew(BEN, LONG)).isEqualTo(firstLeases("sink:c", "sink:d"));
        leases.join(CAT, LONG);
        assertThat(renew(CAT, LONG)).isEmpty();
    }

    @Test
    void a_node_that_starts_leaves_all_work_to_the_others() {
        leases.join(ANN, LONG);
        leases.join(BEN, LONG);
        var round = leases.renew(ANN, SINKS, LONG);
        assertThat(round.held()).hasSize(4);
        assertThat(round.workers()).isOne();
        assertThat(round.nodes()).extracting(ClusterNode::takesWork).containsExactly(true, false);
    }

    @Test
    void what_a_stopping_node_releases_is_taken_before_it_has_left() {
        leases.join(ANN, LONG);
        leases.renew(ANN, SINKS, LONG);
        leases.join(BEN, LONG);
        renew(BEN, LONG);
        leases.renew(ANN, Set.of(), LONG);
        SINKS.forEach(sink -> leases.release(ANN, new Lease(sink, 1)));
        assertThat(renew(BEN, LONG)).hasSize(4);
    }

    @Test
    void a_held_lease_is_not_taken() {
        leases.join(ANN, LONG);
        renew(ANN, LONG);
        leases.join(BEN, LONG);
        assertThat(renew(BEN, LONG)).isEmpty();
    }

    @Test
    void a_lease_that_is_released_is_taken_with_the_next_number() {
        leases.join(ANN, LONG);
        renew(ANN, LONG);
        leases.join(BEN, LONG);
        leases.release(ANN, new Lease("sink:b", 1));
        assertThat(renew(BEN, LONG)).containsExactly(new Lease("sink:b", 2));
        assertThat(renew(ANN, LONG)).isEqualTo(firstLeases("sink:a", "sink:c", "sink:d"));
    }

    @Test
    void a_lease_that_was_lost_cannot_be_released() {
        leases.join(ANN, LONG);
        renew(ANN, LONG);
        leases.leave(ANN);
        leases.join(BEN, LONG);
        var held = renew(BEN, LONG);
        leases.release(ANN, held.getFirst());
        leases.release(BEN, new Lease("sink:a", 1));
        assertThat(renew(BEN, LONG)).isEqualTo(held);
    }

    @Test
    void a_node_that_dies_leaves_its_leases_to_another_with_the_next_number() {
        leases.join(ANN, SHORT);
        renew(ANN, SHORT);
        leases.join(BEN, LONG);
        awaitTaken(BEN, 4);
        assertThat(renew(BEN, LONG)).extracting(Lease::number).containsOnly(2L);
        assertThat(renew(ANN, LONG)).as("a node that comes back").isEmpty();
    }

    /// Waits until a node holds this many leases.
    private void awaitTaken(NodeIdentity node, int count) {
        await().until(() -> {
            advance(SHORT);
            return renew(node, LONG).size() == count;
        });
    }

    @Test
    void a_node_that_was_late_keeps_what_no_other_has_taken() {
        leases.join(ANN, SHORT);
        var held = renew(ANN, SHORT);
        advance(Duration.ofMinutes(1));
        assertThat(renew(ANN, LONG)).isEqualTo(held);
    }

    @Test
    void a_name_belongs_to_one_live_node() {
        leases.join(ANN, LONG);
        assertThat(leases.join(node("ann", "another"), LONG)).isFalse();
        assertThat(leases.join(ANN, LONG)).isTrue();
        leases.leave(ANN);
        assertThat(leases.join(node("ann", "another"), LONG)).isTrue();
    }

    @Test
    void a_restarted_node_takes_its_name_but_not_the_leases_of_before() {
        leases.join(ANN, SHORT);
        assertThat(renew(ANN, LONG)).hasSize(4);
        leases.renew(ANN, SINKS, SHORT);
        var again = node("ann", "another");
        await().until(() -> {
            advance(SHORT);
            return leases.join(again, LONG);
        });
        awaitTaken(again, 4);
        assertThat(renew(again, LONG)).extracting(Lease::number).containsOnly(2L);
        assertThat(renew(ANN, LONG))
                .as("the process of before, frozen and back")
                .isEmpty();
    }

    @Test
    void a_node_whose_name_another_process_has_holds_nothing_although_no_node_took_it() {
        leases.join(ANN, SHORT);
        assertThat(renew(ANN, SHORT)).hasSize(4);
        var again = node("ann", "another");
        await().until(() -> {
            advance(SHORT);
            return leases.join(again, LONG);
        });
        assertThat(renew(ANN, LONG)).isEmpty();
    }

    @Test
    void a_node_that_leaves_is_gone_at_once() {
        leases.join(ANN, LONG);
        renew(ANN, LONG);
        leases.leave(ANN);
        leases.join(BEN, LONG);
        var round = leases.renew(BEN, SINKS, LONG);
        assertThat(round.held()).hasSize(4);
        assertThat(round.nodes()).extracting(ClusterNode::name).containsExactly("ben");
    }

    @Test
    void shows_each_node_with_its_leases() {
        leases.join(ANN, LONG);
        leases.join(BEN, SHORT);
        renew(ANN, LONG);
        await().untilAsserted(() -> {
            advance(SHORT);
            var round = leases.renew(ANN, SINKS, LONG);
            assertThat(round.nodes()).extracting(ClusterNode::name).containsExactly("ann", "ben");
            assertThat(round.nodes()).extracting(ClusterNode::alive).containsExactly(true, false);
            assertThat(round.workers()).isOne();
            var ann = round.nodes().getFirst();
            assertThat(ann.version()).isEqualTo("1.0");
            assertThat(ann.startedAt()).isEqualTo(STARTED);
            assertThat(ann.lastSeenAt()).isAfter(STARTED);
            assertThat(ann.leases()).containsExactly("sink:a", "sink:b", "sink:c", "sink:d");
        });
    }

    @Test
    void a_command_reaches_the_holder_once() {
        leases.join(ANN, LONG);
        leases.join(BEN, LONG);
        var first = new LeaseCommand("sink:a", "disable");
        var second = new LeaseCommand("sink:a", "enable");
        leases.post(first);
        leases.post(second);
        leases.post(new LeaseCommand("sink:z", "enable"));
        assertThat(leases.renew(BEN, Set.of(), LONG).commands()).isEmpty();
        assertThat(leases.renew(ANN, SINKS, LONG).commands()).containsExactly(first, second);
        assertThat(leases.renew(ANN, SINKS, LONG).commands()).isEmpty();
    }

    @Test
    void a_node_with_other_resources_takes_its_own() {
        leases.join(ANN, LONG);
        leases.join(BEN, LONG);
        renew(ANN, LONG);
        assertThat(leases.renew(BEN, Set.of("sink:a", "sink:z"), LONG).held()).containsExactly(new Lease("sink:z", 1));
    }
}
