package dev.tidemark.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.contract.ExchangeNotifications;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.testpostgres.PostgresTestServer;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ends connections of one of several nodes, freezes one, and restarts the server, and checks that the others continue
/// and that no mail is lost or recorded twice.
final class NodeFailureTest {
    @TempDir
    private static Path folder;

    private static PostgresTestServer server;

    private int next;

    @BeforeAll
    static void startServer() {
        server = PostgresTestServer.startIn(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static AttemptId subscribe(WatermarkStore store) {
        var mailbox = store.mailboxes().enrol(new MailboxAddress("ada@example.com"), new GroupMembership("in", false));
        var attempt = store.subscriptions().begin(mailbox.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        var response = new SubscribeResult(
                ExchangeNotifications.subscription("s1"), Optional.of(ExchangeNotifications.mark("w0")));
        store.subscriptions().confirm(attempt, response, Optional.empty());
        return attempt;
    }

    private static IntakeOutcome mail(WatermarkStore store, AttemptId attempt, int number) {
        var now = Clock.systemUTC().instant();
        var message = ExchangeNotifications.notification(
                "s1", "w" + (number - 1), ExchangeNotifications.mail("m" + number, "w" + number, now));
        return store.intake()
                .record(List.of(new VerifiedCallback(attempt, ExchangeNotifications.body(message), now, "")))
                .getFirst();
    }

    private static List<String> mails(WatermarkStore store) {
        return store.journal().read(JournalPosition.START, Integer.MAX_VALUE).stream()
                .map(JournalEvent::data)
                .filter(EventData.Change.class::isInstance)
                .map(data -> ((EventData.Change) data).target().id())
                .toList();
    }

    private static List<String> numbered(int mails) {
        return IntStream.rangeClosed(1, mails).mapToObj(number -> "m" + number).toList();
    }

    /// Waits out the pause between two attempts to connect.
    private static void awaitRepaired(PostgresStore store) {
        await().ignoreExceptionsInstanceOf(StoreException.class).until(() -> {
            store.saveHeartbeats();
            store.catchUp();
            return store.intake().accepting();
        });
    }

    /// Records a mail as Exchange does, which sends it again until a node has accepted it.
    private static void mailUntilAccepted(PostgresStore store, AttemptId attempt, int number) {
        await().ignoreExceptionsInstanceOf(StoreException.class).until(() -> {
            store.saveHeartbeats();
            mail(store, attempt, number);
            return true;
        });
    }

    private static void execute(String url, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long journalRows(String url) throws SQLException {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement();
                var result = statement.executeQuery("SELECT count(*) FROM journal")) {
            result.next();
            return result.getLong(1);
        }
    }

    @Test
    void a_node_that_is_cut_off_at_any_point_of_a_commit_does_not_stop_the_others() throws Exception {
        try (var proxy = new CutConnectionProxy(server.port())) {
            var direct = server.store();
            var cut = new PostgresHome(
                    // statements that are not prepared on the server are recognized by their text
                    direct.replace(":" + server.port() + "/", ":" + proxy.port() + "/") + "&prepareThreshold=0");
            try (var a = cut.node("a").open(Clock.systemUTC());
                    var b = new PostgresHome(direct).node("b").open(Clock.systemUTC())) {
                var attempt = subscribe(b);
                for (var statement :
                        List.of("FOR UPDATE", "UPDATE store_partition", "INSERT INTO commit_log", "COMMIT")) {
                    next++;
                    var before = journalRows(direct);
                    proxy.cutAnswerTo(statement);
                    assertThatThrownBy(() -> mail(a, attempt, next)).isInstanceOf(StoreException.class);
                    assertThat(a.intake().accepting()).isFalse();
                    // Exchange sends the refused mail again, to the other node
                    mail(b, attempt, next);
                    assertThat(journalRows(direct)).as(statement).isEqualTo(before + 1);
                    assertThat(mails(b)).as(statement).isEqualTo(numbered(next));
                    awaitRepaired(a);
                    assertThat(mails(a)).isEqualTo(numbered(next));
                    next++;
                    assertThat(mail(a, attempt, next)).isEqualTo(new IntakeOutcome.Stored(1, 0));
                }
                b.catchUp();
                assertThat(mails(b)).isEqualTo(numbered(next));
                assertThat(a.mailboxes().all()).isEqualTo(b.mailboxes().all());
            }
        }
    }

    @Test
    void a_node_that_is_frozen_during_a_commit_stops_the_others_for_seconds_only() throws Exception {
        var home = new PostgresHome(server.store());
        var isFrozen = new AtomicBoolean();
        var frozen = new CountDownLatch(1);
        var thawed = new CountDownLatch(1);
        var a = home.node("a", Duration.ofSeconds(5))
                .open(Clock.systemUTC(), group -> freezeIf(isFrozen, frozen, thawed, group));
        try (a;
                var b = home.node("b").open(Clock.systemUTC());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var attempt = subscribe(b);
            mailUntilAccepted(a, attempt, 1);
            isFrozen.set(true);
            var refused = threads.submit(() -> mail(a, attempt, 2));
            assertThat(frozen.await(1, TimeUnit.MINUTES)).isTrue();
            // waits until the server has ended the transaction of the frozen node
            assertThat(mail(b, attempt, 2)).isEqualTo(new IntakeOutcome.Stored(1, 0));
            isFrozen.set(false);
            thawed.countDown();
            assertThatThrownBy(refused::get).hasCauseInstanceOf(StoreException.class);
            awaitRepaired(a);
            mailUntilAccepted(a, attempt, 3);
            b.catchUp();
            assertThat(mails(b)).isEqualTo(numbered(3));
            assertThat(mails(a)).isEqualTo(numbered(3));
        }
    }

    private static String freezeIf(AtomicBoolean isFrozen, CountDownLatch frozen, CountDownLatch thawed, String group) {
        if (isFrozen.get()) {
            frozen.countDown();
            try {
                assertThat(thawed.await(2, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return group;
    }

    @Test
    void a_server_that_ends_is_used_again_by_all_nodes() {
        var home = new PostgresHome(server.store());
        try (var a = home.node("a").openFollowing(Clock.systemUTC());
                var b = home.node("b").openFollowing(Clock.systemUTC())) {
            var attempt = subscribe(a);
            for (var round = 0; round < 2; round++) {
                mailUntilAccepted(a, attempt, ++next);
                server.kill();
                assertThatThrownBy(() -> mail(b, attempt, next + 1)).isInstanceOf(StoreException.class);
                server.restart();
                mailUntilAccepted(b, attempt, ++next);
                mailUntilAccepted(a, attempt, ++next);
            }
            awaitRepaired(b);
            assertThat(mails(a)).isEqualTo(numbered(next));
            assertThat(mails(b)).isEqualTo(numbered(next));
        }
    }

    @Test
    void a_database_that_has_lost_commits_is_not_written_by_a_node_that_knows_them() throws Exception {
        var url = server.store();
        var home = new PostgresHome(url);
        var a = home.node("a").open(Clock.systemUTC());
        var attempt = subscribe(a);
        mail(a, attempt, 1);
        // as after a fail-over to a standby that had not received everything, and a commit of another node there
        execute(url, "UPDATE commit_log SET node = 'b' WHERE number = (SELECT max(number) FROM commit_log)");
        execute(
                url,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tidemark gw1 a'");
        await().untilAsserted(() -> assertThatThrownBy(a::catchUp)
                .hasMessageStartingWith("PostgreSQL has an older state than this process"));
        assertThatThrownBy(() -> mail(a, attempt, 2)).isInstanceOf(StoreException.class);
        assertThat(a.intake().accepting()).isFalse();
        a.abandon();
    }

    @Test
    void a_node_that_lost_the_store_to_a_process_alone_must_restart() throws Exception {
        var url = server.store();
        var home = new PostgresHome(url);
        var a = home.node("a").open(Clock.systemUTC());
        var attempt = subscribe(a);
        execute(
                url,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tidemark gw1 a'");
        try (var alone = home.open(Clock.systemUTC())) {
            mail(alone, attempt, 1);
            assertThatThrownBy(() -> mail(a, attempt, 2)).isInstanceOf(StoreException.class);
        }
        await().untilAsserted(() -> assertThatThrownBy(a::catchUp)
                .hasMessageStartingWith("Another Tidemark process has opened this store"));
        a.abandon();
        try (var b = home.node("b").open(Clock.systemUTC())) {
            mail(b, attempt, 2);
            assertThat(mails(b)).isEqualTo(numbered(2));
        }
    }
}
