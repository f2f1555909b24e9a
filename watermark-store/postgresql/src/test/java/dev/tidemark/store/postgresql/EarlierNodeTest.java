package dev.tidemark.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.RandomChanges;
import dev.tidemark.store.change.BinaryValueWriter;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.ChangeCodec;
import dev.tidemark.store.lease.LeaseStore.ClusterNode;
import dev.tidemark.store.lease.LeaseStore.NodeIdentity;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Lets nodes of the earlier version, with its formats and statements, work beside this one, as in a rolling upgrade.
final class EarlierNodeTest {
    /// Newest tag that the earlier version reads. Raise it once a released version reads more, never together with the
    /// first version that writes a tag.
    private static final int NEWEST_TAG_BEFORE = 22;

    /// Statement by which a node of schema version 4 or 5 joins the cluster and stays in it.
    private static final String JOIN_BEFORE = """
            INSERT INTO cluster_node AS node
                (name, session, version, started_at, last_seen_at, alive_until, clock_offset_milli, takes_work)
            SELECT 'old', 'o1', '0.9', now.at, now.at, now.at + interval '1 hour', 0, true
            FROM (SELECT clock_timestamp() AS at) AS now
            ON CONFLICT (name) DO UPDATE SET session = excluded.session, version = excluded.version,
                started_at = excluded.started_at, last_seen_at = excluded.last_seen_at,
                alive_until = excluded.alive_until, clock_offset_milli = excluded.clock_offset_milli,
                takes_work = excluded.takes_work
            WHERE node.session = excluded.session OR node.alive_until <= clock_timestamp()
            """;

    private static final Duration LONG = Duration.ofHours(1);
    private static final NodeIdentity NEW = new NodeIdentity("new", "n1", "1.0", Instant.EPOCH);
    private static final Set<String> SINKS = Set.of("sink:a", "sink:b");

    private final PostgresHome home = new PostgresHome();

    private static int tag(Change change) {
        var out = new BinaryValueWriter();
        ChangeCodec.write(out, change);
        return out.toBytes()[0];
    }

    /// The commits of a node are what the others read. Everything else is in tables, whose columns scripts only add.
    @Test
    void commits_hold_no_form_that_the_earlier_version_does_not_read() throws SQLException {
        home.open(Clock.systemUTC()).close();
        var changes = new RandomChanges(9).some(500);
        assertThat(changes).extracting(EarlierNodeTest::tag).contains(NEWEST_TAG_BEFORE + 1, ChangeCodec.FORMAT);
        try (var connection = DriverManager.getConnection(home.url())) {
            new SharedCommit(1, "new", 0, OptionalLong.empty(), changes).add(connection);
            var shared = SharedCommit.after(connection, 0, 1).getFirst().changes();
            assertThat(shared)
                    .isNotEmpty()
                    .allSatisfy(change -> assertThat(tag(change)).isLessThanOrEqualTo(NEWEST_TAG_BEFORE));
        }
    }

    @Test
    void an_earlier_node_joins_and_stays_beside_this_one() throws SQLException {
        home.open(Clock.systemUTC()).close();
        try (var leases = leases(1);
                var earlier = DriverManager.getConnection(home.url());
                var statement = earlier.createStatement()) {
            assertThat(leases.join(NEW, LONG)).isTrue();
            assertThat(statement.executeUpdate(JOIN_BEFORE)).isEqualTo(1);
            var round = leases.renew(NEW, SINKS, LONG);
            assertThat(round.isRefused()).isFalse();
            // the other one belongs to the earlier node
            assertThat(round.held()).hasSize(1);
            assertThat(round.nodes()).extracting(ClusterNode::name).containsExactly("new", "old");
            assertThat(statement.executeUpdate(JOIN_BEFORE)).isEqualTo(1);
        }
    }

    @Test
    void no_node_divides_sinks_before_the_last_one_is_upgraded() throws SQLException {
        home.open(Clock.systemUTC()).close();
        try (var leases = leases(8);
                var earlier = DriverManager.getConnection(home.url());
                var statement = earlier.createStatement()) {
            assertThat(statement.executeUpdate(JOIN_BEFORE)).isEqualTo(1);
            assertThat(leases.join(NEW, LONG)).isFalse();
            statement.executeUpdate("DELETE FROM cluster_node WHERE name = 'old'");
            assertThat(leases.join(NEW, LONG)).isTrue();
        }
    }

    private PostgresLeases leases(int sinkPartitions) {
        return new PostgresLeases(
                new PostgresConnector(home.partitioned("new", sinkPartitions).config()), Clock.systemUTC());
    }
}
