package dev.tidemark.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.lease.LeaseStore;
import dev.tidemark.store.lease.LeaseStore.LeaseCommand;
import dev.tidemark.store.lease.LeaseStore.NodeIdentity;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Lets two nodes follow each other by announcements alone: neither polls.
final class NodeWakeupsTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final NodeIdentity ANN = new NodeIdentity("a", "1", "1.0", Instant.EPOCH);
    private static final Set<String> CRM = Set.of("sink:crm");
    private static final String LISTENERS = " FROM pg_stat_activity WHERE datname = current_database()"
            + " AND query LIKE 'LISTEN %' AND application_name LIKE 'tidemark gw1 b'";

    private final PostgresHome home = ReusedSchema.emptied(getClass().getName());
    private PostgresStore ann;
    private PostgresStore ben;

    @BeforeEach
    void open() {
        ann = home.node("a").openListening(Clock.systemUTC());
        ben = home.node("b").openListening(Clock.systemUTC());
        await().until(() -> listeners() == 1);
    }

    @AfterEach
    void close() {
        ben.close();
        ann.close();
    }

    /// Returns the number of connections on which the second node listens.
    private long listeners() throws SQLException {
        return number("SELECT count(*)" + LISTENERS);
    }

    private long number(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(home.url());
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    private void awaitFollowing() {
        ann.journal().appendInstanceEvent("tidemark.test", Map.of());
        await().until(() -> ben.journal().end().equals(ann.journal().end()));
    }

    private static Semaphore wakeupsOf(LeaseStore leases) {
        var wakeups = new Semaphore(0);
        leases.onChange(wakeups::release);
        return wakeups;
    }

    @Test
    void a_commit_of_one_node_wakes_the_readers_of_another() throws InterruptedException {
        var before = ben.journal().end();
        ann.journal().appendInstanceEvent("tidemark.test", Map.of());
        assertThat(ben.journal().awaitBeyond(before, Duration.ofMinutes(1))).isTrue();
        // in both directions, and again
        ben.journal().appendInstanceEvent("tidemark.test", Map.of());
        await().until(() -> ann.journal().end().equals(ben.journal().end()));
        awaitFollowing();
    }

    @Test
    void a_lost_connection_is_opened_again_and_nothing_else_stops() throws SQLException {
        awaitFollowing();
        assertThat(number("SELECT count(pg_terminate_backend(pid))" + LISTENERS))
                .isOne();
        ann.journal().appendInstanceEvent("tidemark.test", Map.of());
        // also what was announced meanwhile
        await().until(() -> ben.journal().end().equals(ann.journal().end()));
        assertThat(ben.intake().accepting()).isTrue();
        awaitFollowing();
        assertThat(listeners()).isOne();
    }

    @Test
    void a_released_lease_is_announced_to_the_other_nodes_only() throws InterruptedException {
        var leases = ann.leases().orElseThrow();
        leases.join(ANN, LONG);
        var lease = leases.renew(ANN, CRM, LONG).held().getFirst();
        awaitFollowing();
        var wakeups = wakeupsOf(ben.leases().orElseThrow());
        var ownWakeups = wakeupsOf(leases);
        leases.release(ANN, lease);
        wakeups.acquire();
        leases.renew(ANN, CRM, LONG);
        leases.leave(ANN);
        wakeups.acquire();
        leases.post(new LeaseCommand("sink:crm", "ENABLE"));
        wakeups.acquire();
        assertThat(ownWakeups.availablePermits()).isZero();
    }

    @Test
    void a_lease_that_another_node_has_is_not_announced() {
        var leases = ann.leases().orElseThrow();
        leases.join(ANN, LONG);
        var lease = leases.renew(ANN, CRM, LONG).held().getFirst();
        leases.release(ANN, lease);
        awaitFollowing();
        var wakeups = wakeupsOf(ben.leases().orElseThrow());
        leases.release(ANN, lease);
        // announcements arrive in order, so this one is the last
        awaitFollowing();
        assertThat(wakeups.availablePermits()).isZero();
    }
}
