package dev.tidemark.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.DeliveryStore;
import dev.tidemark.store.lease.LeaseStore;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseLostException;
import dev.tidemark.store.lease.LeaseStore.NodeIdentity;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkPartition;
import dev.tidemark.store.model.SinkReplay;
import dev.tidemark.store.model.SinkReplay.ReplayCounts;
import dev.tidemark.store.model.SinkStatus;
import dev.tidemark.testsupport.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Lets a node that lost a lease go on writing, and checks that the store refuses it in the same transaction.
final class LeaseFenceTest {
    private static final SinkName CRM = new SinkName("crm");
    private static final Duration LONG = Duration.ofHours(1);
    private static final NodeIdentity ANN = new NodeIdentity("ann", "1", "1.0", Instant.EPOCH);
    private static final NodeIdentity BEN = new NodeIdentity("ben", "2", "1.0", Instant.EPOCH);

    private final SettableClock clock = new SettableClock();
    private PostgresStore store;
    private LeaseStore leases;

    @BeforeEach
    void open() {
        store = ReusedSchema.emptied(getClass().getName()).open(clock);
        leases = store.leases().orElseThrow();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private DeliveryStore take(NodeIdentity node) {
        return store.deliveries().under(lease(node));
    }

    private Lease lease(NodeIdentity node) {
        leases.join(node, LONG);
        return leases.renew(node, Set.of("sink:crm"), LONG).held().getFirst();
    }

    private static DeliveryPosition at(long position) {
        return DeliveryPosition.at(new JournalPosition(position));
    }

    private DeferredDelivery row(long position) {
        var now = clock.instant();
        return new DeferredDelivery(
                CRM, new JournalPosition(position), "lane", 1, Optional.of(now), now, false, Optional.empty());
    }

    @Test
    void a_position_under_a_lost_lease_is_refused_as_a_whole() {
        var ann = take(ANN);
        ann.open(CRM);
        ann.save(CRM, at(7), List.of(), List.of());
        leases.leave(ANN);
        var ben = take(BEN);
        assertThat(ben.open(CRM)).isEqualTo(at(7));
        ben.save(CRM, at(9), List.of(), List.of());
        assertThatThrownBy(() -> ann.save(CRM, at(8), List.of(row(8)), List.of()))
                .isInstanceOf(LeaseLostException.class)
                .hasMessage("Another node has taken sink:crm after lease 1; this node changes nothing more for it.");
        assertThat(ben.open(CRM)).isEqualTo(at(9));
        assertThat(ben.deferredCount(CRM)).isZero();
    }

    @Test
    void a_state_under_a_lost_lease_is_refused() {
        var ann = take(ANN);
        ann.open(CRM);
        leases.leave(ANN);
        take(BEN);
        assertThatThrownBy(() -> ann.saveStatus(CRM, new SinkStatus(Optional.empty(), true, true, Optional.empty())))
                .isInstanceOf(LeaseLostException.class);
        assertThat(store.deliveries().status(CRM).disabled()).isFalse();
    }

    @Test
    void the_progress_and_the_end_of_a_replay_under_a_lost_lease_are_refused() {
        var replay = new SinkReplay(
                "rpl_a",
                CRM,
                Instant.EPOCH,
                new JournalPosition(0),
                new JournalPosition(9),
                Optional.empty(),
                Optional.empty(),
                50,
                new ReplayCounts(0, 9));
        store.replays().begin(replay);
        var ann = store.replays().under(lease(ANN));
        ann.advance("rpl_a", new JournalPosition(3), 3);
        leases.leave(ANN);
        var ben = store.replays().under(lease(BEN));
        ben.advance("rpl_a", new JournalPosition(7), 7);
        assertThatThrownBy(() -> ann.advance("rpl_a", new JournalPosition(4), 4))
                .isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> ann.end("rpl_a")).isInstanceOf(LeaseLostException.class);
        assertThat(ben.running(CRM)).containsExactly(replay.at(new JournalPosition(7), 7));
        assertThat(store.replays().end("rpl_a"))
                .as("canceled by an operator of any node")
                .isTrue();
    }

    @Test
    void a_position_of_an_old_number_of_partitions_is_refused_although_no_node_took_its_lease() {
        var ann = take(ANN);
        ann.save(CRM, at(5), List.of(), List.of());
        var half = store.deliveries().of(new SinkPartition(0, 2));
        assertThat(half.open(CRM)).isEqualTo(at(5));
        assertThatThrownBy(() -> ann.save(CRM, at(7), List.of(row(6)), List.of()))
                .isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> ann.open(CRM)).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> ann.saveStatus(CRM, SinkStatus.HEALTHY)).isInstanceOf(LeaseLostException.class);
        assertThat(half.savedPosition(CRM)).contains(at(5));
        assertThat(half.deferredCount(CRM)).isZero();
    }

    @Test
    void a_refused_change_is_no_failure_of_the_store() {
        var ann = take(ANN);
        leases.leave(ANN);
        var ben = take(BEN);
        assertThatThrownBy(() -> ann.open(CRM)).isInstanceOf(LeaseLostException.class);
        assertThat(store.intake().accepting()).isTrue();
        ben.save(CRM, at(3), List.of(row(4)), List.of());
        assertThat(ben.open(CRM)).isEqualTo(at(3));
        assertThat(ben.deferredCount(CRM)).isOne();
    }

    @Test
    void a_lease_that_is_over_counts_until_another_node_takes_it() {
        leases.join(ANN, LONG);
        var lease = leases.renew(ANN, Set.of("sink:crm"), Duration.ZERO).held().getFirst();
        var ann = store.deliveries().under(lease);
        ann.save(CRM, at(5), List.of(), List.of());
        assertThat(ann.open(CRM)).isEqualTo(at(5));
    }

    @Test
    void a_sink_of_another_node_keeps_its_part_of_the_journal() {
        take(ANN).save(CRM, at(5), List.of(), List.of());
        assertThat(store.deliveries().open(CRM)).isEqualTo(at(5));
        assertThat(store.deliveries().deliveredByAll()).isEqualTo(new JournalPosition(5));
    }
}
