package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.contract.ExchangeNotifications;
import dev.tidemark.log.LogConfig;
import dev.tidemark.log.SimulatedDisk;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SyncState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks a full, read-only or failing disk, and a failed index. The store refuses changes that it cannot keep and
/// recovers without a restart.
final class FailingDiskTest {
    /// Settings with which every record needs new disk space.
    private static final LogConfig TIGHT = new LogConfig(1 << 20, 512, Duration.ofHours(1), 1 << 20, 1);

    private final SettableClock clock = new SettableClock();

    @TempDir
    Path folder;

    private SimulatedHome home;
    private EmbeddedStore store;
    private AttemptId attempt;
    private int mails;

    @BeforeEach
    void subscribe() {
        var disk = new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE);
        home = new SimulatedHome(folder, TIGHT, disk);
        store = open();
        var ada = store.mailboxes().enrol(new MailboxAddress("ada@example.com"), new GroupMembership("inboxes", false));
        attempt = store.subscriptions().begin(ada.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        var response = new SubscribeResult(
                ExchangeNotifications.subscription("s1"), Optional.of(ExchangeNotifications.mark("w0")));
        store.subscriptions().confirm(attempt, response, Optional.empty());
        push();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private EmbeddedStore open() {
        return home.open(new EmbeddedStore.Dependencies(clock, new SecureRandom(), Duration.ofMillis(20)));
    }

    /// Sends a notification again until it is acknowledged, as Exchange does.
    private void push() {
        push(Duration.ZERO);
    }

    /// @param ahead lead of the event's time over the local clock
    private void push(Duration ahead) {
        var mail = ExchangeNotifications.mail(
                "m" + (mails + 1), "w" + (mails + 1), clock.instant().plus(ahead));
        var message = ExchangeNotifications.notification("s1", "w" + mails, mail);
        var outcome = store.intake()
                .record(List.of(
                        new VerifiedCallback(attempt, ExchangeNotifications.body(message), clock.instant(), "")))
                .getFirst();
        assertThat(outcome).isEqualTo(new IntakeOutcome.Stored(1, 0));
        mails++;
    }

    private List<String> items() {
        return store.journal().read(JournalPosition.START, 1000).stream()
                .filter(event -> event.data() instanceof EventData.Change)
                .map(event -> ((EventData.Change) event.data()).target().id())
                .toList();
    }

    private void awaitAccepting() {
        await().until(() -> store.intake().accepting());
    }

    @Test
    void a_full_disk_refuses_and_recovers_by_itself() {
        for (var round = 0; round < 3; round++) {
            home.disk().fill(100);
            for (var i = 0; i < 5; i++) {
                assertThatThrownBy(this::push).isInstanceOf(StoreException.class);
            }
            assertThat(store.intake().accepting()).isFalse();
            home.disk().heal();
            awaitAccepting();
            push();
            push();
        }
        assertThat(items()).containsExactly("m1", "m2", "m3", "m4", "m5", "m6", "m7");
        clearAfterCut();
    }

    @Test
    void a_disk_that_is_read_only_for_a_while_refuses_and_recovers_automatically() {
        for (var round = 0; round < 3; round++) {
            home.disk().turnReadOnly();
            for (var i = 0; i < 5; i++) {
                assertThatThrownBy(this::push)
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("Read-only file system");
            }
            assertThat(store.intake().accepting()).isFalse();
            home.disk().heal();
            awaitAccepting();
            push();
            push();
        }
        assertThat(items()).containsExactly("m1", "m2", "m3", "m4", "m5", "m6", "m7");
        clearAfterCut();
    }

    @Test
    void a_record_with_a_failed_force_is_discarded_and_written_again() {
        for (var round = 0; round < 3; round++) {
            home.disk().failForces();
            for (var i = 0; i < 3; i++) {
                assertThatThrownBy(this::push).isInstanceOf(StoreException.class);
            }
            home.disk().heal();
            awaitAccepting();
            assertThat(items()).hasSize(mails);
            push();
        }
        assertThat(items()).containsExactly("m1", "m2", "m3", "m4");
        clearAfterCut();
    }

    @Test
    void a_log_that_could_not_be_sealed_is_repaired_before_a_callback_comes() {
        home.disk().failForces();
        await().until(() -> !store.intake().accepting());
        home.disk().heal();
        awaitAccepting();
        push();
        assertThat(items()).containsExactly("m1", "m2");
    }

    @Test
    void a_snapshot_that_could_not_be_written_leaves_the_store_as_it_is() {
        store.snapshot();
        push();
        home.disk().fill(700);
        assertThatThrownBy(store::snapshot)
                .isInstanceOf(StoreException.class)
                .hasMessage("The store cannot write because the disk is full; make room.");
        home.disk().heal();
        push();
        clearAfterCut();
        assertThat(items()).containsExactly("m1", "m2", "m3");
    }

    @Test
    void a_store_with_an_index_that_cannot_be_created_is_refused_in_a_sentence() throws Exception {
        store.close();
        var obstacle = Files.createDirectories(home.index().resolve("obstacle"));
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageMatching("The store cannot use its files: .*; fix the cause, .*");
        Files.delete(obstacle);
        store = open();
        assertThat(items()).containsExactly("m1");
    }

    @Test
    void an_index_that_failed_stops_no_callbacks_and_is_rebuilt() throws Exception {
        saveDeadLetter("dl_1");
        var obstacle = Files.createDirectories(breakIndex().resolve("obstacle"));
        push();
        assertThatThrownBy(() -> store.deliveries().deadLetterCount())
                .isInstanceOf(StoreException.class)
                .hasMessage("The index of the store failed and is being rebuilt from the log; try again soon.");
        saveDeadLetter("dl_2");
        push();
        assertThat(store.intake().accepting()).isTrue();
        assertThat(items()).containsExactly("m1", "m2", "m3");
        Files.delete(obstacle);
        await().ignoreExceptions().until(() -> store.deliveries().deadLetterCount() == 2);
    }

    @Test
    void an_index_that_h2_closed_and_opened_again_is_not_trusted() throws Exception {
        saveDeadLetter("dl_1");
        shutIndexDown();
        await().ignoreExceptions().until(() -> store.deliveries().deadLetterCount() == 1);
    }

    @Test
    void a_store_with_a_failed_index_is_closed_in_order() throws Exception {
        var obstacle = Files.createDirectories(breakIndex().resolve("obstacle"));
        push();
        store.close();
        Files.delete(obstacle);
        store = open();
        assertThat(store.previousStop()).isEqualTo("stopped cleanly before");
        assertThat(items()).containsExactly("m1", "m2");
    }

    /// Makes H2 close the index, as after a failed write, and leaves a folder in its place.
    private Path breakIndex() throws Exception {
        shutIndexDown();
        Files.delete(home.index());
        return home.index();
    }

    private void shutIndexDown() throws SQLException {
        var url = "jdbc:h2:file:" + home.index().toString().replace(".mv.db", "");
        try (var connection = DriverManager.getConnection(url, "sa", "");
                var statement = connection.createStatement()) {
            statement.execute("SHUTDOWN IMMEDIATELY");
        }
    }

    private void saveDeadLetter(String id) {
        var event = store.journal().read(JournalPosition.START, 1).getFirst();
        store.deliveries().saveDeadLetter(new DeadLetter(id, new SinkName("crm"), event, "410", 1, clock.instant()));
    }

    @Test
    void a_sync_state_that_could_not_be_forced_does_not_run_ahead() {
        var ada = store.mailboxes().all().iterator().next().id();
        page(ada, 1);
        home.disk().failForces();
        assertThatThrownBy(() -> page(ada, 2)).isInstanceOf(StoreException.class);
        home.disk().heal();
        awaitAccepting();
        assertThat(store.resyncs().state(ada, "inbox").orElseThrow().state()).isEqualTo(new SyncState("s1"));
        page(ada, 2);
        assertThat(items()).containsExactly("m1", "p1", "p2");
    }

    @Test
    void an_offset_that_was_not_written_is_saved_with_the_next_event() {
        var ahead = Duration.ofHours(1);
        home.disk().fill(100);
        assertThatThrownBy(() -> push(ahead)).isInstanceOf(StoreException.class);
        home.disk().heal();
        awaitAccepting();
        push(ahead);
        home.cut(store);
        store = open();
        assertThat(store.exchangeOffsets().boundByEvents("inboxes")).contains(ahead);
    }

    private void page(MailboxId mailbox, int number) {
        var found = new RecoveredPage.RecoveredChange(
                ChangeKind.CREATED, ItemId.of("p" + number), Optional.empty(), clock.instant());
        store.resyncs()
                .store(new RecoveredPage(
                        mailbox, EventOrigin.RESYNC, List.of(found), "inbox", new SyncState("s" + number), true));
    }

    /// Checks the data that is actually on the disk.
    private void clearAfterCut() {
        var expected = items();
        home.cut(store);
        store = open();
        assertThat(items()).isEqualTo(expected);
    }
}
