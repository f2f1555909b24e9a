package dev.tidemark.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.contract.ExchangeNotifications;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.MailboxLocationStore.MailboxLocation;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.ClockOffset;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SendNotification;
import dev.tidemark.values.SubscribeResult;
import java.net.URI;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Lets several nodes use one store at once, and checks that all see the same state and order.
final class NodesTest {
    private static final MailboxAddress ADA = new MailboxAddress("ada@example.com");
    private static final GroupMembership INBOXES = new GroupMembership("inboxes", false);

    private final PostgresHome home = new PostgresHome();
    private final List<PostgresStore> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.reversed().forEach(PostgresStore::close);
    }

    /// Opens a node whose memory follows the others only when it commits or is told to.
    private PostgresStore node(String name) {
        return kept(home.node(name).open(Clock.systemUTC()));
    }

    private PostgresStore following(String name) {
        return kept(home.node(name).openFollowing(Clock.systemUTC()));
    }

    private PostgresStore kept(PostgresStore store) {
        open.add(store);
        return store;
    }

    private void stop(PostgresStore node) {
        open.remove(node);
        node.close();
    }

    private static AttemptId subscribe(WatermarkStore store, String address) {
        var mailbox = store.mailboxes().enrol(new MailboxAddress(address), INBOXES);
        var attempt = store.subscriptions().begin(mailbox.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        var response = new SubscribeResult(
                ExchangeNotifications.subscription("s1"), Optional.of(ExchangeNotifications.mark("w0")));
        store.subscriptions().confirm(attempt, response, Optional.empty());
        return attempt;
    }

    private static IntakeOutcome mail(WatermarkStore store, AttemptId attempt, int number) {
        return mail(store, attempt, number, number - 1);
    }

    private static IntakeOutcome mail(WatermarkStore store, AttemptId attempt, int number, int previous) {
        var now = Clock.systemUTC().instant();
        var event = ExchangeNotifications.mail("m" + number, "w" + number, now);
        return record(
                store,
                attempt,
                ExchangeNotifications.body(ExchangeNotifications.notification("s1", "w" + previous, event)));
    }

    private static IntakeOutcome record(WatermarkStore store, AttemptId attempt, SendNotification body) {
        return store.intake()
                .record(List.of(
                        new VerifiedCallback(attempt, body, Clock.systemUTC().instant(), "192.0.2.1")))
                .getFirst();
    }

    private static List<JournalEvent> journal(WatermarkStore store) {
        return store.journal().read(JournalPosition.START, Integer.MAX_VALUE);
    }

    private static List<String> mails(WatermarkStore store) {
        return mails(journal(store));
    }

    private static List<String> mails(List<JournalEvent> events) {
        return events.stream()
                .map(JournalEvent::data)
                .filter(EventData.Change.class::isInstance)
                .map(data -> ((EventData.Change) data).target().id())
                .toList();
    }

    private static List<String> numbered(int mails) {
        return IntStream.rangeClosed(1, mails).mapToObj(number -> "m" + number).toList();
    }

    private static Mailbox mailbox(WatermarkStore store, MailboxId id) {
        return store.mailboxes().find(id).orElseThrow();
    }

    private void execute(String... statements) throws SQLException {
        try (var connection = DriverManager.getConnection(home.url());
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /// Runs tasks at once; returns their results in order.
    private static <T> List<T> atOnce(List<Callable<T>> tasks) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<T>();
            for (var result : threads.invokeAll(tasks)) {
                results.add(result.get());
            }
            return results;
        }
    }

    @Test
    void a_callback_that_reaches_two_nodes_at_once_is_recorded_once_and_in_order() throws Exception {
        var nodes = List.of(node("a"), node("b"));
        var attempt = subscribe(nodes.getFirst(), "ada@example.com");
        var barrier = new CyclicBarrier(nodes.size());
        var outcomes = atOnce(nodes.stream()
                .<Callable<List<IntakeOutcome>>>map(node -> () -> {
                    var seen = new ArrayList<IntakeOutcome>();
                    for (var number = 1; number <= 30; number++) {
                        barrier.await(1, TimeUnit.MINUTES);
                        seen.add(mail(node, attempt, number));
                    }
                    return seen;
                })
                .toList());
        for (var i = 0; i < 30; i++) {
            assertThat(List.of(outcomes.get(0).get(i), outcomes.get(1).get(i)))
                    .hasAtLeastOneElementOfType(IntakeOutcome.Stored.class)
                    .hasAtLeastOneElementOfType(IntakeOutcome.Repeated.class);
        }
        for (var node : nodes) {
            node.catchUp();
            assertThat(mails(node)).isEqualTo(numbered(30));
            assertThat(mailbox(node, attempt.mailbox()).due()).isEmpty();
        }
    }

    @Test
    void a_mailbox_may_call_another_node_each_time() {
        var nodes = List.of(node("a"), node("b"), node("c"));
        var attempt = subscribe(nodes.getFirst(), "ada@example.com");
        for (var number = 1; number <= 20; number++) {
            assertThat(mail(nodes.get(number % 3), attempt, number)).isEqualTo(new IntakeOutcome.Stored(1, 0));
            // a heartbeat moves the watermark without an event
            var beat =
                    ExchangeNotifications.notification("s1", "w" + number, ExchangeNotifications.status("h" + number));
            assertThat(record(nodes.get((number + 1) % 3), attempt, ExchangeNotifications.body(beat)))
                    .isInstanceOf(IntakeOutcome.HeartbeatOnly.class);
            var next =
                    ExchangeNotifications.notification("s1", "h" + number, ExchangeNotifications.status("w" + number));
            record(nodes.get((number + 2) % 3), attempt, ExchangeNotifications.body(next));
        }
        nodes.forEach(PostgresStore::catchUp);
        assertThat(nodes).allSatisfy(node -> assertThat(mails(node)).isEqualTo(numbered(20)));
        assertSameState(nodes.getFirst(), nodes);
    }

    private static void assertSameState(PostgresStore expected, List<PostgresStore> nodes) {
        var mailboxes = Set.copyOf(expected.mailboxes().all());
        assertThat(nodes).allSatisfy(node -> {
            assertThat(Set.copyOf(node.mailboxes().all())).isEqualTo(mailboxes);
            assertThat(node.mailboxes().countsByState())
                    .isEqualTo(expected.mailboxes().countsByState());
            assertThat(node.journal().end()).isEqualTo(expected.journal().end());
        });
    }

    @Test
    void many_threads_of_two_nodes_subscribe_mailboxes_with_common_commits() throws Exception {
        var nodes = List.of(node("a"), node("b"));
        var mailboxes = 200;
        var attempts = atOnce(IntStream.range(0, mailboxes)
                .<Callable<AttemptId>>mapToObj(
                        number -> () -> subscribe(nodes.get(number % 2), "user" + number + "@example.com"))
                .toList());
        nodes.forEach(PostgresStore::catchUp);
        assertThat(attempts).hasSize(mailboxes).doesNotHaveDuplicates();
        for (var attempt : attempts) {
            assertThat(attempt.number()).isOne();
            assertThat(mailbox(nodes.getFirst(), attempt.mailbox()).live()).contains(attempt);
        }
        assertSameState(nodes.getFirst(), nodes);
        var commits = nodes.stream()
                .mapToLong(node -> node.statistics().syncs().count())
                .sum();
        assertThat(commits).as("enrollment and two changes for each mailbox").isLessThan(3L * mailboxes);
    }

    @Test
    void no_reader_on_any_node_sees_a_position_before_an_earlier_one() throws Exception {
        var nodes = List.of(following("a"), following("b"), following("c"));
        var attempts = IntStream.range(0, 6)
                .mapToObj(i -> subscribe(nodes.get(i % 3), "user" + i + "@example.com"))
                .toList();
        var mails = 40;
        nodes.forEach(PostgresStore::catchUp);
        var total = nodes.getFirst().journal().end().value() + attempts.size() * (long) mails;
        var tasks = new ArrayList<Callable<List<Long>>>();
        for (var i = 0; i < attempts.size(); i++) {
            var attempt = attempts.get(i);
            var node = nodes.get(i % 3);
            tasks.add(() -> {
                for (var number = 1; number <= mails; number++) {
                    mail(node, attempt, number);
                }
                return List.of();
            });
        }
        nodes.forEach(node -> tasks.add(() -> positionsUpTo(node, total)));
        var expected = LongStream.rangeClosed(1, total).boxed().toList();
        assertThat(atOnce(tasks).subList(attempts.size(), tasks.size()))
                .allSatisfy(seen -> assertThat(seen).isEqualTo(expected));
        assertSameState(nodes.getFirst(), nodes);
    }

    /// Reads as sinks do: waits for the next events, and continues behind the last one.
    private static List<Long> positionsUpTo(WatermarkStore store, long end) throws InterruptedException {
        var seen = new ArrayList<Long>();
        var after = JournalPosition.START;
        while (after.value() < end) {
            store.journal().awaitBeyond(after, Duration.ofSeconds(1));
            for (var event : store.journal().read(after, 100)) {
                seen.add(event.position().value());
                after = event.position();
            }
        }
        return seen;
    }

    @Test
    void a_duplicate_of_an_event_that_another_node_recorded_is_recognized() {
        var a = node("a");
        var b = node("b");
        var attempt = subscribe(a, "ada@example.com");
        mail(a, attempt, 1);
        // a gap opens a window in which events may come again
        assertThat(mail(a, attempt, 3, 2)).isInstanceOf(IntakeOutcome.Gap.class);
        assertThat(mail(b, attempt, 4)).isInstanceOf(IntakeOutcome.Gap.class);
        assertThat(mail(a, attempt, 5)).isInstanceOf(IntakeOutcome.Gap.class);
        var again = a.subscriptions()
                .begin(attempt.mailbox(), SubscribeReason.GAP, "print", Optional.of(ExchangeNotifications.mark("w1")));
        var response = new SubscribeResult(
                ExchangeNotifications.subscription("s1"), Optional.of(ExchangeNotifications.mark("w1")));
        b.subscriptions().confirm(again, response, Optional.empty());
        for (var number = 2; number <= 6; number++) {
            mail(number % 2 == 0 ? a : b, again, number);
        }
        a.catchUp();
        assertThat(mails(a)).containsExactly("m1", "m3", "m4", "m5", "m2", "m6");
    }

    @Test
    void a_node_that_starts_while_others_write_has_their_state() throws Exception {
        var a = node("a");
        var attempt = subscribe(a, "ada@example.com");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writing = new AtomicBoolean(true);
            var written = threads.submit(() -> writeWhile(a, attempt, writing));
            try {
                for (var i = 0; i < 5; i++) {
                    stop(node("b" + i));
                }
            } finally {
                writing.set(false);
            }
            var mails = written.get();
            var c = node("c");
            c.catchUp();
            assertThat(mails(c)).isEqualTo(numbered(mails));
            assertSameState(a, List.of(c));
            assertThat(mail(c, attempt, mails + 1)).isEqualTo(new IntakeOutcome.Stored(1, 0));
        }
    }

    private static int writeWhile(WatermarkStore store, AttemptId attempt, AtomicBoolean writing) {
        var number = 0;
        while (writing.get()) {
            number++;
            mail(store, attempt, number);
        }
        return number;
    }

    @Test
    void nodes_that_start_at_once_make_one_store() throws Exception {
        var opened = atOnce(IntStream.range(0, 3)
                .<Callable<PostgresStore>>mapToObj(i -> () -> home.node("n" + i).open(Clock.systemUTC()))
                .toList());
        open.addAll(opened);
        assertThat(opened)
                .extracting(store -> store.instance().tokenKey())
                .containsOnly(opened.getFirst().instance().tokenKey());
        assertThat(opened)
                .extracting(store -> store.instance().createdAt())
                .containsOnly(opened.getFirst().instance().createdAt());
    }

    @Test
    void a_node_waits_for_longer_than_a_lock_timeout_while_another_prepares_the_tables() throws Exception {
        var begun = new CountDownLatch(1);
        var isReady = new CompletableFuture<Boolean>();
        var slow = new PostgresHome(home.url(), connector -> {
            begun.countDown();
            isReady.join();
            SchemaMigration.run(connector);
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> slow.node("a").open(Clock.systemUTC()));
            begun.await();
            var second = threads.submit(() -> home.node("b").open(Clock.systemUTC()));
            var waits = new HashSet<String>();
            await().until(() -> waits.addAll(home.lockWaits()) && waits.size() > 1);
            isReady.complete(true);
            var a = kept(first.get());
            assertThat(kept(second.get()).instance().tokenKey())
                    .isEqualTo(a.instance().tokenKey());
        } finally {
            isReady.complete(true);
        }
    }

    @Test
    void a_node_that_missed_commits_reads_the_whole_store_again() throws Exception {
        var a = node("a");
        var b = node("b");
        var attempt = subscribe(a, "ada@example.com");
        mail(a, attempt, 1);
        a.locations()
                .put(Map.of(
                        attempt.mailbox(),
                        new MailboxLocation(
                                URI.create("https://ex1.example.com/"),
                                Optional.empty(),
                                Clock.systemUTC().instant())));
        a.exchangeOffsets().save("inboxes", offset(3), offset(3));
        a.details().setGroups(Set.of("inboxes"));
        execute("DELETE FROM commit_log");
        mail(a, attempt, 2);
        b.catchUp();
        assertThat(mails(b)).isEqualTo(numbered(2));
        assertSameState(a, List.of(b));
        assertThat(b.locations().find(attempt.mailbox()).map(MailboxLocation::url))
                .isEqualTo(a.locations().find(attempt.mailbox()).map(MailboxLocation::url));
        assertThat(b.exchangeOffsets().offsetOf("inboxes")).contains(offset(3));
        assertThat(b.details().oldestWanted()).isPresent();
        // also if nothing at all is left of them, at the next commit
        mail(a, attempt, 3);
        execute("DELETE FROM commit_log");
        assertThat(mail(b, attempt, 4)).isEqualTo(new IntakeOutcome.Stored(1, 0));
        assertThat(mails(b)).isEqualTo(numbered(4));
    }

    private static ClockOffset offset(int seconds) {
        return new ClockOffset(Duration.ofSeconds(seconds), Duration.ofSeconds(seconds));
    }

    @Test
    void a_node_follows_everything_that_others_keep_in_memory() {
        var a = node("a");
        var b = node("b");
        var attempt = subscribe(a, "ada@example.com");
        var location = new MailboxLocation(
                URI.create("https://ex1.example.com/"),
                Optional.of("g"),
                Clock.systemUTC().instant());
        a.locations().put(Map.of(attempt.mailbox(), location));
        a.exchangeOffsets().save("inboxes", offset(3), offset(3));
        a.details().setGroups(Set.of("inboxes"));
        a.mailboxes().pause(attempt.mailbox());
        b.catchUp();
        assertThat(b.locations().find(attempt.mailbox()).map(MailboxLocation::url))
                .contains(location.url());
        assertThat(b.exchangeOffsets().offsetOf("inboxes")).contains(offset(3));
        assertThat(b.details().oldestWanted()).isPresent();
        assertSameState(a, List.of(b));
        assertThat(mail(b, attempt, 1)).isInstanceOf(IntakeOutcome.Superseded.class);
    }

    @Test
    void a_node_that_falls_behind_by_more_than_it_applies_at_once_follows_in_steps() {
        var a = node("a");
        var b = node("b");
        var attempt = subscribe(a, "ada@example.com");
        for (var number = 1; number <= 210; number++) {
            mail(a, attempt, number);
        }
        assertThat(mail(b, attempt, 211)).isEqualTo(new IntakeOutcome.Stored(1, 0));
        assertThat(mails(b)).isEqualTo(numbered(211));
    }

    @Test
    void a_node_that_finds_a_commit_of_a_later_version_must_be_upgraded() throws Exception {
        var a = node("a");
        var b = node("b");
        subscribe(a, "ada@example.com");
        execute("UPDATE commit_log SET body = '\\x0163'::bytea WHERE number = (SELECT max(number) FROM commit_log)");
        assertThatThrownBy(b::catchUp)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("a later version of Tidemark");
        assertThatThrownBy(() -> b.mailboxes().enrol(ADA, INBOXES)).isInstanceOf(StoreException.class);
        assertThat(b.intake().accepting()).isFalse();
        assertThat(b.intake().needsRestart()).isTrue();
        assertThat(b.intake().obstacle())
                .hasValueSatisfying(why -> assertThat(why).contains("a later version of Tidemark"));
        // memory lacks the commit, although the other node has made further ones that this one could read
        a.mailboxes().enrol(ADA, INBOXES);
        assertThatThrownBy(b::catchUp).hasMessageContaining("a later version of Tidemark");
        open.remove(b);
        b.abandon();
    }

    @Test
    void addresses_that_changed_hands_are_found_after_missed_commits() throws Exception {
        var a = node("a");
        var b = node("b");
        var addresses = List.of("ada@example.com", "bob@example.com", "cyd@example.com").stream()
                .map(MailboxAddress::new)
                .toList();
        var ids = addresses.stream()
                .map(address -> a.mailboxes().enrol(address, INBOXES).id())
                .toList();
        b.catchUp();
        // each takes the address of the one before
        a.mailboxes().rename(ids.get(0), new MailboxAddress("parked@example.com"));
        a.mailboxes().rename(ids.get(1), addresses.get(0));
        a.mailboxes().rename(ids.get(2), addresses.get(1));
        a.mailboxes().rename(ids.get(0), addresses.get(2));
        execute("DELETE FROM commit_log");
        a.mailboxes().enrol(new MailboxAddress("dan@example.com"), INBOXES);
        b.catchUp();
        assertThat(addresses.stream()
                        .flatMap(address -> b.mailboxes().find(address).stream())
                        .map(Mailbox::id))
                .containsExactly(ids.get(1), ids.get(2), ids.get(0));
    }

    @Test
    void commits_are_kept_for_minutes_and_not_beyond_the_nodes() throws Exception {
        var a = node("a");
        var attempt = subscribe(a, "ada@example.com");
        mail(a, attempt, 1);
        a.pruneCommits();
        assertThat(keptCommits()).isGreaterThan(1);
        execute("UPDATE commit_log SET committed_at = committed_at - interval '1 day'");
        a.pruneCommits();
        assertThat(keptCommits()).as("the newest one").isOne();
        stop(a);
        try (var alone = home.open(Clock.systemUTC())) {
            alone.pruneCommits();
        }
        assertThat(keptCommits()).isZero();
        assertThat(mail(node("b"), attempt, 2)).isEqualTo(new IntakeOutcome.Stored(1, 0));
    }

    @Test
    void commits_are_kept_up_to_a_number_while_a_node_lacks_them() throws Exception {
        var a = node("a");
        var b = node("b");
        var attempt = subscribe(a, "ada@example.com");
        mail(a, attempt, 1);
        var newest = keptCommits();
        execute("UPDATE commit_log SET number = number + " + SharedCommit.MAX_KEPT + " WHERE number = " + newest);
        a.pruneCommits();
        assertThat(keptCommits()).as("the newest one").isOne();
        execute("UPDATE commit_log SET number = " + newest);
        b.catchUp();
        assertThat(mails(b)).containsExactly("m1");
        assertThat(mail(b, attempt, 2)).isEqualTo(new IntakeOutcome.Stored(1, 0));
    }

    private int keptCommits() throws SQLException {
        try (var connection = DriverManager.getConnection(home.url());
                var statement = connection.createStatement();
                var result = statement.executeQuery("SELECT count(*) FROM commit_log")) {
            result.next();
            return result.getInt(1);
        }
    }

    @Test
    void a_store_is_used_by_nodes_or_by_one_process_alone() {
        var a = node("a");
        assertThatThrownBy(() -> home.open(Clock.systemUTC()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.isInUse()).isTrue())
                .hasMessageStartingWith("The store is in use by tidemark gw1 a");
        assertThatThrownBy(() -> PostgresStoreFactory.openSource(home.node("x").config()))
                .hasMessageStartingWith("The store is in use by tidemark gw1 a");
        var attempt = subscribe(a, "ada@example.com");
        mail(a, attempt, 1);
        stop(a);
        try (var alone = home.open(Clock.systemUTC())) {
            assertThatThrownBy(() -> node("b"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith("The store is in use by tidemark gw1");
            mail(alone, attempt, 2);
        }
        var b = node("b");
        assertThat(mail(b, attempt, 3)).isEqualTo(new IntakeOutcome.Stored(1, 0));
        assertThat(mails(b)).isEqualTo(numbered(3));
    }

    @Test
    void a_node_of_another_instance_is_refused() {
        node("a");
        var other = home.node("b").config("gw2", true);
        assertThatThrownBy(() -> PostgresStore.open(
                        other,
                        PostgresStore.Dependencies.defaults(new FolderNameCache(), group -> group, Clock.systemUTC())))
                .isInstanceOf(StoreException.class)
                .hasMessage("The store belongs to instance 'gw1', but the configuration says 'gw2'; set instance to"
                        + " 'gw1', or set a different store.url.");
    }

    @Test
    void a_node_whose_clock_is_behind_corrects_no_times_of_the_others() {
        var ahead = new SettableClock();
        ahead.advance(Duration.ofHours(2));
        var a = kept(home.node("a").open(ahead));
        var id = home.mailbox(a);
        home.receive(a, id, ahead.instant());
        var before = mailbox(a, id);
        var b = kept(home.node("b").open(new SettableClock()));
        a.catchUp();
        assertThat(mailbox(a, id)).isEqualTo(before);
        assertThat(mailbox(b, id)).isEqualTo(before);
    }

    @Test
    void retention_on_two_nodes_at_once_removes_everything_once() throws Exception {
        var clock = new SettableClock();
        var nodes =
                List.of(kept(home.node("a").open(clock)), kept(home.node("b").open(clock)));
        var id = home.mailbox(nodes.getFirst());
        for (var day = 0; day < 4; day++) {
            for (var node : nodes) {
                node.catchUp();
                home.receive(node, id, clock.instant());
            }
            clock.advance(Duration.ofDays(1));
        }
        nodes.forEach(PostgresStore::catchUp);
        var end = nodes.getFirst().journal().end();
        var pruneBefore = clock.instant().minus(Duration.ofDays(2));
        atOnce(nodes.stream()
                .<Callable<Integer>>map(node -> () -> {
                    var pruned = node.journal().prune(pruneBefore, end, 1000);
                    node.dropDays();
                    return pruned;
                })
                .toList());
        nodes.forEach(PostgresStore::catchUp);
        var left = journal(nodes.getFirst());
        assertThat(left)
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.recordedAt()).isAfterOrEqualTo(pruneBefore));
        assertThat(journal(nodes.getLast())).isEqualTo(left);
        home.receive(nodes.getLast(), id, clock.instant());
        nodes.getFirst().catchUp();
        assertThat(journal(nodes.getFirst())).hasSize(left.size() + 1);
    }
}
