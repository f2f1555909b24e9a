package dev.tidemark.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
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
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.testpostgres.PostgresTestServer;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ends connections and servers at any point, and checks that no acknowledged mail is lost, and none is recorded
/// twice.
final class PostgresFailureTest {
    private static final int KILLS = 3;
    private static final int SOAKED = 50;
    private static final int QUERIES_OF_A_SCRAPE = 12;
    private static final Duration WAIT_OF_A_QUERY = Duration.ofSeconds(2);

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
        var ada = enrol(store, "ada@example.com");
        var attempt = store.subscriptions().begin(ada.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        var response = new SubscribeResult(
                ExchangeNotifications.subscription("s1"), Optional.of(ExchangeNotifications.mark("w0")));
        store.subscriptions().confirm(attempt, response, Optional.empty());
        return attempt;
    }

    private static Mailbox enrol(WatermarkStore store, String address) {
        return store.mailboxes().enrol(new MailboxAddress(address), new GroupMembership("inboxes", false));
    }

    /// Records the mail with this number, as Exchange sends it again until it is acknowledged.
    private static IntakeOutcome mail(WatermarkStore store, AttemptId attempt, int number) {
        var now = Clock.systemUTC().instant();
        var event = ExchangeNotifications.mail("m" + number, "w" + number, now);
        var message = ExchangeNotifications.notification("s1", "w" + (number - 1), event);
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
            return store.intake().accepting();
        });
    }

    private static long rowsIn(String url) throws SQLException {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement();
                var result = statement.executeQuery("SELECT count(*) FROM journal")) {
            result.next();
            return result.getLong(1);
        }
    }

    @Test
    void an_answer_that_is_lost_at_any_point_of_a_commit_neither_loses_nor_doubles_a_mail() throws Exception {
        try (var proxy = new CutConnectionProxy(server.port())) {
            var direct = server.store();
            var home = new PostgresHome(
                    // statements that are not prepared on the server are recognized by their text
                    direct.replace(":" + server.port() + "/", ":" + proxy.port() + "/") + "&prepareThreshold=0");
            var tookPlace = new ArrayList<Boolean>();
            try (var store = home.open(Clock.systemUTC())) {
                var attempt = subscribe(store);
                for (var statement : List.of("UPDATE store_partition", "INSERT INTO journal", "COMMIT")) {
                    next++;
                    var before = rowsIn(direct);
                    proxy.cutAnswerTo(statement);
                    assertThatThrownBy(() -> mail(store, attempt, next)).isInstanceOf(StoreException.class);
                    assertThat(store.intake().accepting()).isFalse();
                    tookPlace.add(rowsIn(direct) > before);
                    awaitRepaired(store);
                    mail(store, attempt, next);
                    assertThat(mails(store)).isEqualTo(numbered(next));
                }
            }
            assertThat(tookPlace).containsExactly(false, false, true);
            try (var store = home.open(Clock.systemUTC())) {
                assertThat(mails(store)).isEqualTo(numbered(next));
            }
        }
    }

    @Test
    void a_database_that_has_lost_commits_is_not_written_any_more() throws Exception {
        var url = server.store();
        var store = new PostgresHome(url).open(Clock.systemUTC());
        var attempt = subscribe(store);
        mail(store, attempt, ++next);
        // as after a fail-over to a standby that had not received everything
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute("UPDATE store_partition SET commits = commits - 1");
        }
        server.kill();
        server.restart();
        assertThatThrownBy(() -> mail(store, attempt, next + 1)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> {
                    while (true) {
                        store.saveHeartbeats();
                    }
                })
                .hasMessageMatching("PostgreSQL (has an older state than this process|is starting).*");
        assertThat(store.intake().accepting()).isFalse();
        store.abandon();
    }

    @Test
    void a_frozen_server_is_given_up_and_used_again_when_it_answers() {
        var home = new PostgresHome(server.store() + "&socketTimeout=4");
        try (var store = patiently(() -> home.open(Clock.systemUTC()))) {
            var attempt = patiently(store, () -> subscribe(store));
            next++;
            patiently(store, () -> mail(store, attempt, next));
            server.freeze();
            try {
                assertThatThrownBy(() -> mail(store, attempt, next + 1)).isInstanceOf(StoreException.class);
                assertThat(store.intake().accepting()).isFalse();
            } finally {
                server.thaw();
            }
            next++;
            patiently(store, () -> mail(store, attempt, next));
            // by connections that the pool had before
            assertThat(patiently(() -> mails(store))).isEqualTo(numbered(next));
            assertThat(patiently(() -> store.deliveries().status(new SinkName("crm"))))
                    .isNotNull();
        }
    }

    @Test
    void queries_of_an_idle_store_wait_for_a_frozen_server_once_and_not_each() {
        var home = new PostgresHome(server.store() + "&socketTimeout=4");
        try (var store = patiently(() -> home.open(Clock.systemUTC()))) {
            patiently(store, () -> store.deliveries().deadLetterCounts());
            server.freeze();
            try {
                var began = System.nanoTime();
                for (var i = 0; i < QUERIES_OF_A_SCRAPE; i++) {
                    assertThatThrownBy(() -> store.deliveries().deadLetterCounts())
                            .isInstanceOf(StoreException.class)
                            .hasMessageContaining("PostgreSQL");
                }
                // less than if each had waited
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .isLessThan(WAIT_OF_A_QUERY.multipliedBy(QUERIES_OF_A_SCRAPE));
            } finally {
                server.thaw();
            }
            assertThat(patiently(() -> store.deliveries().deadLetterCounts())).isEmpty();
        }
    }

    /// Repeats a request that fails because the machine stalled for longer than a timeout of the connection.
    private static <T> T patiently(Callable<T> request) {
        return await().ignoreExceptionsInstanceOf(StoreException.class).until(request, Objects::nonNull);
    }

    /// Repeats a request, each time on a repaired store.
    private static <T> T patiently(PostgresStore store, Callable<T> request) {
        return patiently(() -> {
            awaitRepaired(store);
            return request.call();
        });
    }

    /// Session of a process that was frozen in a transaction.
    private static Connection frozenSession(PostgresHome home) throws SQLException {
        var frozen = new PostgresConnector(home.config()).connect();
        frozen.setAutoCommit(false);
        try (var statement = frozen.createStatement()) {
            statement.execute("LOCK TABLE store_partition, mailbox, journal");
            return frozen;
        }
    }

    @Test
    void a_process_that_is_frozen_in_a_transaction_stops_another_for_seconds_only() throws Exception {
        var home = new PostgresHome(server.store());
        try (var store = home.open(Clock.systemUTC())) {
            var attempt = subscribe(store);
            await().until(() -> isStoppedByFrozenSession(home, store, attempt));
            assertThat(mails(store)).isEqualTo(numbered(next));
        }
    }

    /// Returns false if the server ended the frozen session before the store needed a lock, because the test stalled.
    private boolean isStoppedByFrozenSession(PostgresHome home, PostgresStore store, AttemptId attempt)
            throws SQLException {
        try (var frozen = frozenSession(home)) {
            next++;
            var failure = Optional.ofNullable(catchThrowable(() -> mail(store, attempt, next)));
            patiently(store, () -> mail(store, attempt, next));
            assertThat(frozen.isValid(0)).as("a session without an end").isFalse();
            failure.ifPresent(each ->
                    assertThat(each).hasMessageStartingWith("The store waited too long for a lock in PostgreSQL; "));
            return failure.isPresent();
        }
    }

    @Test
    void a_process_that_lost_the_store_while_it_was_frozen_cannot_write_it() throws Exception {
        var home = new PostgresHome(server.store());
        var thawed = home.open(Clock.systemUTC());
        var attempt = subscribe(thawed);
        mail(thawed, attempt, ++next);
        // as the server does with a process that is frozen in a transaction
        endSessionsOf(home);
        try (var store = home.open(Clock.systemUTC())) {
            mail(store, attempt, ++next);
            assertThatThrownBy(() -> enrol(thawed, "eve@example.com")).isInstanceOf(StoreException.class);
            assertThatThrownBy(thawed::saveHeartbeats).hasMessageStartingWith("The store is in use by tidemark gw1");
            mail(store, attempt, ++next);
            assertThat(mails(store)).isEqualTo(numbered(next));
        }
        await().untilAsserted(() -> assertThatThrownBy(thawed::saveHeartbeats)
                .hasMessageStartingWith("Another Tidemark process has opened this store"));
        thawed.abandon();
    }

    @Test
    void a_process_that_lost_its_connection_while_the_store_was_read_writes_again() throws Exception {
        var home = new PostgresHome(server.store());
        try (var store = home.open(Clock.systemUTC())) {
            var attempt = subscribe(store);
            mail(store, attempt, ++next);
            var before = mails(store);
            endSessionsOf(home);
            // as 'tidemark check' and 'tidemark migrate' do
            try (var source = PostgresStoreFactory.openSource(home.config())) {
                assertThat(source.read(ignored -> {})).isPositive();
                assertThatThrownBy(() -> mail(store, attempt, next + 1)).isInstanceOf(StoreException.class);
                assertThatThrownBy(store::saveHeartbeats).hasMessageStartingWith("The store is in use by tidemark gw1");
            }
            awaitRepaired(store);
            mail(store, attempt, ++next);
            assertThat(mails(store)).hasSize(before.size() + 1);
        }
    }

    private static void endSessionsOf(PostgresHome home) throws SQLException {
        try (var connection = DriverManager.getConnection(home.url());
                var statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name = 'tidemark gw1'");
        }
    }

    @Test
    void a_server_that_ends_under_load_is_used_again_when_it_is_back() {
        endAgainAndAgain(KILLS);
    }

    @Tag("soak")
    @Test
    void a_server_that_ends_fifty_times_under_load_is_used_again_when_it_is_back() {
        endAgainAndAgain(SOAKED);
    }

    private void endAgainAndAgain(int kills) {
        var home = new PostgresHome(server.store());
        try (var store = home.open(Clock.systemUTC())) {
            var attempt = subscribe(store);
            for (var kill = 0; kill < kills; kill++) {
                endWhileRecording(store, attempt, kill);
            }
            assertThat(mails(store)).isEqualTo(numbered(next));
            mail(store, attempt, ++next);
        }
        try (var store = home.open(Clock.systemUTC())) {
            assertThat(mails(store)).isEqualTo(numbered(next));
        }
    }

    private void endWhileRecording(PostgresStore store, AttemptId attempt, int kill) {
        var enough = next + 20 + kill;
        var killer = new Thread(server::kill);
        assertThatThrownBy(() -> {
                    while (true) {
                        mail(store, attempt, next + 1);
                        next++;
                        if (next == enough) {
                            killer.start();
                        }
                    }
                })
                .isInstanceOf(StoreException.class);
        assertThat(store.intake().accepting()).isFalse();
        assertThat(store.intake().obstacle()).isPresent();
        // a page or a scrape asks many times, so no query may wait for the server
        for (var i = 0; i < 1000; i++) {
            assertThatThrownBy(() -> store.deliveries().status(new SinkName("crm")))
                    .hasMessageStartingWith("The store has lost PostgreSQL and connects again");
        }
        join(killer);
        server.restart();
        awaitRepaired(store);
        // Exchange sends the refused mail again
        mail(store, attempt, ++next);
    }

    private static void join(Thread thread) {
        try {
            thread.join(Duration.ofMinutes(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
