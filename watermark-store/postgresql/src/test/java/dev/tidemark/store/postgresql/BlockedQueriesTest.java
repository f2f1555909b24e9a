package dev.tidemark.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.JournalPosition;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/// Records callbacks while every connection for queries waits for the server.
final class BlockedQueriesTest {
    private static final int QUERIES = 8;
    private static final int MAILS = 20;
    private static final String WAITING = "SELECT count(*) FROM pg_stat_activity WHERE ? = ANY (pg_blocking_pids(pid))";

    private final PostgresHome home = new PostgresHome();

    @Test
    void callbacks_are_recorded_while_more_queries_wait_than_the_pool_has_connections() throws Exception {
        try (var store = home.open(Clock.systemUTC());
                var blocker = DriverManager.getConnection(home.url());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var mailbox = home.mailbox(store);
            home.receive(store, mailbox, Clock.systemUTC().instant());
            var before = recorded(store);
            var lock = lock(blocker);
            var released = new AtomicBoolean();
            var queries = new ArrayList<Future<?>>();
            for (var i = 0; i < QUERIES; i++) {
                queries.add(threads.submit(() -> queryUntil(released, store)));
            }
            // all but one connection, which writes
            await().until(() -> waiting(lock) == home.config().pool() - 1);
            for (var i = 0; i < MAILS; i++) {
                home.receive(store, mailbox, Clock.systemUTC().instant());
            }
            await("queries that still wait").until(() -> waiting(lock) > 0);
            released.set(true);
            blocker.rollback();
            for (var query : queries) {
                query.get();
            }
            assertThat(recorded(store)).isEqualTo(before + MAILS);
            assertThat(store.intake().accepting()).isTrue();
        }
    }

    private static int recorded(PostgresStore store) {
        return store.journal().read(JournalPosition.START, Integer.MAX_VALUE).size();
    }

    /// Queries again after the limit of a lock.
    private static boolean queryUntil(AtomicBoolean released, PostgresStore store) {
        do {
            try {
                store.deliveries().deadLetterCounts();
            } catch (StoreException e) {
                assertThat(e).hasMessageContaining("PostgreSQL");
            }
        } while (!released.get());
        return true;
    }

    /// Locks a table that no commit of a callback uses; returns the session.
    private static int lock(Connection blocker) throws SQLException {
        blocker.setAutoCommit(false);
        try (var statement = blocker.createStatement()) {
            statement.execute("LOCK TABLE dead_letter IN ACCESS EXCLUSIVE MODE");
        }
        return blocker.unwrap(PGConnection.class).getBackendPID();
    }

    private int waiting(int lock) throws SQLException {
        try (var connection = DriverManager.getConnection(home.url());
                var statement = connection.prepareStatement(WAITING)) {
            statement.setInt(1, lock);
            try (var result = statement.executeQuery()) {
                result.next();
                return result.getInt(1);
            }
        }
    }
}
