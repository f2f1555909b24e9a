package dev.tidemark.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.LeaseStoreContract;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.lease.LeaseStore;
import dev.tidemark.store.lease.LeaseStore.NodeIdentity;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Runs the suite of leases on PostgreSQL.
final class PostgresLeasesTest extends LeaseStoreContract {
    private static final Duration LONG = Duration.ofHours(1);
    /// length of a lease that is over at once
    private static final Duration OVER = Duration.ZERO;

    private static final Clock CLOCK = Clock.systemUTC();
    private static final NodeIdentity ANN = new NodeIdentity("ann", "1", "1.0", Instant.EPOCH);
    private static final NodeIdentity BEN = new NodeIdentity("ben", "2", "1.0", Instant.EPOCH);
    private static final Set<String> CRM = Set.of("sink:crm");

    private static PostgresConnector emptied() {
        return new PostgresConnector(
                ReusedSchema.emptied(PostgresLeasesTest.class.getName()).config());
    }

    @Override
    protected LeaseStore emptyStore() {
        return new PostgresLeases(emptied(), Clock.systemUTC());
    }

    @Override
    protected void advance(Duration time) {
        // the server's clock advances by itself
    }

    @Test
    void measures_the_offset_of_a_node_s_clock() {
        try (var leases = new PostgresLeases(emptied(), Clock.offset(Clock.systemUTC(), Duration.ofHours(3)))) {
            leases.join(ANN, LONG);
            var offset = leases.renew(ANN, CRM, LONG).nodes().getFirst().clockOffset();
            assertThat(offset).isBetween(Duration.ofHours(2), Duration.ofHours(4));
        }
    }

    @Test
    void a_lease_is_not_taken_while_a_transaction_of_its_holder_is_open() throws SQLException {
        var connector = emptied();
        try (var leases = new PostgresLeases(connector, Clock.systemUTC());
                var committing = connector.connect()) {
            leases.join(ANN, OVER);
            var lease = leases.renew(ANN, CRM, OVER).held().getFirst();
            committing.setAutoCommit(false);
            LeaseFence.require(committing, lease);
            leases.join(BEN, LONG);
            assertThat(leases.renew(BEN, CRM, LONG).held()).isEmpty();
            committing.commit();
            assertThat(leases.renew(BEN, CRM, LONG).held()).hasSize(1);
        }
    }

    @Test
    void the_first_call_of_a_node_waits_for_part_of_a_lease_and_not_for_a_lock() throws SQLException {
        var home = ReusedSchema.emptied(getClass().getName()).node("ann", Duration.ofMillis(1500));
        var connector = new PostgresConnector(home.config());
        try (var leases = new PostgresLeases(connector, Clock.systemUTC());
                var locking = connector.connect();
                var statement = locking.createStatement()) {
            locking.setAutoCommit(false);
            statement.execute("LOCK TABLE cluster_node");
            assertThatThrownBy(() -> leases.join(ANN, Duration.ofSeconds(2)))
                    .isInstanceOf(StoreException.class)
                    .hasRootCauseInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void nodes_with_different_partitions_of_sinks_never_work_together() {
        var home = ReusedSchema.emptied(getClass().getName());
        try (var four = new PostgresLeases(
                        new PostgresConnector(home.partitioned("ann", 4).config()), CLOCK);
                var eight = new PostgresLeases(
                        new PostgresConnector(home.partitioned("ben", 8).config()), CLOCK)) {
            assertThat(four.join(ANN, LONG)).isTrue();
            assertThat(eight.join(BEN, LONG)).isFalse();
            assertThat(four.renew(ANN, CRM, LONG).held()).hasSize(1);
            // the first node freezes for longer than its leases
            assertThat(four.renew(ANN, CRM, OVER).held()).hasSize(1);
            assertThat(eight.join(BEN, LONG)).isTrue();
            assertThat(eight.renew(BEN, Set.of("sink:crm#0/8"), LONG).held()).hasSize(1);
            assertThat(four.renew(ANN, CRM, LONG).held()).isEmpty();
        }
    }

    @Test
    void connects_again_after_a_lost_connection() throws SQLException {
        // a name of its own, because other tests use the server
        var config = ReusedSchema.emptied(getClass().getName()).config();
        var connector = new PostgresConnector(config.withUrl(config.url() + "&ApplicationName=leases"));
        try (var leases = new PostgresLeases(connector, Clock.systemUTC());
                var other = connector.connect();
                var statement = other.createStatement()) {
            leases.join(ANN, LONG);
            var held = leases.renew(ANN, CRM, LONG).held();
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name = 'leases' AND pid <> pg_backend_pid()");
            assertThatThrownBy(() -> leases.renew(ANN, CRM, LONG)).isInstanceOf(StoreException.class);
            assertThat(leases.renew(ANN, CRM, LONG).held()).isEqualTo(held);
        }
    }
}
