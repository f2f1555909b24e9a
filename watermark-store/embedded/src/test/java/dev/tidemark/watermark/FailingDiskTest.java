package dev.tidemark.watermark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.Subscribed;
import dev.tidemark.values.SyncState;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A disk that is full, or that fails to force: no lie meanwhile, and no restart afterwards.
final class FailingDiskTest {
    private final SettableClock clock = new SettableClock();
    private final BrittleDisk disk = new BrittleDisk();
    private H2Store store;
    private AttemptId attempt;
    private int mails;

    @BeforeEach
    void subscribe() {
        store = open(disk);
        var ada = store.mailboxes().enrol(new MailboxAddress("ada@example.com"), new Membership("inboxes", false));
        attempt = store.subscriptions().begin(ada.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        var answer = new Subscribed(Exchange.subscription("s1"), Optional.of(Exchange.mark("w0")));
        store.subscriptions().confirm(attempt, answer, Optional.empty());
        push();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private H2Store open(BrittleDisk on) {
        var config = new StoreConfig(on.url(), "sa", "", "gw1", true, 0, Duration.ofMinutes(15));
        return H2Store.open(config, new H2Store.Surroundings(clock, new SecureRandom(), Duration.ofMillis(20)));
    }

    /// Exchange repeats what was not acknowledged.
    private void push() {
        push(Duration.ZERO);
    }

    /// @param ahead of the event's time, by our clock
    private void push(Duration ahead) {
        var mail = Exchange.mail(
                "m" + (mails + 1), "w" + (mails + 1), clock.instant().plus(ahead));
        var message = Exchange.notification("s1", "w" + mails, mail);
        var receipt = store.intake()
                .record(List.of(new Callback(attempt, Exchange.body(message), clock.instant(), "")))
                .getFirst();
        assertThat(receipt).isEqualTo(new Receipt.Stored(1, 0));
        mails++;
    }

    private List<String> items() {
        return store.journal().read(Position.START, 1000).stream()
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
            disk.fill(true);
            for (var i = 0; i < 5; i++) {
                assertThatThrownBy(this::push).isInstanceOf(StoreException.class);
            }
            assertThat(store.intake().accepting()).isFalse();
            disk.fill(false);
            awaitAccepting();
            push();
            push();
        }
        assertThat(items()).containsExactly("m1", "m2", "m3", "m4", "m5", "m6", "m7");
        clearAfterCut();
    }

    @Test
    void a_disk_that_may_only_be_read_for_a_while_refuses_and_recovers_by_itself() {
        for (var round = 0; round < 3; round++) {
            disk.readOnly(true);
            for (var i = 0; i < 5; i++) {
                assertThatThrownBy(this::push)
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("Read-only file system");
            }
            assertThat(store.intake().accepting()).isFalse();
            disk.readOnly(false);
            awaitAccepting();
            push();
            push();
        }
        assertThat(items()).containsExactly("m1", "m2", "m3", "m4", "m5", "m6", "m7");
        clearAfterCut();
    }

    @Test
    void what_could_not_be_forced_is_taken_back_and_written_again() {
        for (var round = 0; round < 3; round++) {
            disk.failForces(true);
            for (var i = 0; i < 3; i++) {
                assertThatThrownBy(this::push).isInstanceOf(StoreException.class);
            }
            disk.failForces(false);
            awaitAccepting();
            assertThat(items()).hasSize(mails);
            push();
        }
        assertThat(items()).containsExactly("m1", "m2", "m3", "m4");
        clearAfterCut();
    }

    @Test
    void what_only_the_log_has_is_there_after_h2_gave_up() {
        store.close();
        disk.fill(false);
        store = H2Store.open(
                new StoreConfig(disk.url(), "sa", "", "gw1", true, 0, Duration.ofMinutes(15)),
                new H2Store.Surroundings(clock, new SecureRandom(), Duration.ofDays(1)));
        push();
        push();
        disk.fill(true);
        // H2 closes a database whose file it could not write
        assertThatThrownBy(() -> store.journal().appendInstanceEvent("ping", Map.of()))
                .isInstanceOf(StoreException.class);
        disk.fill(false);
        push();
        assertThat(items()).containsExactly("m1", "m2", "m3", "m4");
        clearAfterCut();
    }

    @Test
    void a_sync_state_that_could_not_be_forced_does_not_run_ahead() {
        var ada = store.mailboxes().all().iterator().next().id();
        page(ada, 1);
        disk.failForces(true);
        assertThatThrownBy(() -> page(ada, 2)).isInstanceOf(StoreException.class);
        disk.failForces(false);
        awaitAccepting();
        assertThat(store.resyncs().state(ada, "inbox").orElseThrow().state()).isEqualTo(new SyncState("s1"));
        page(ada, 2);
        assertThat(items()).containsExactly("m1", "p1", "p2");
    }

    @Test
    void an_offset_that_was_not_written_is_saved_with_the_next_event() {
        var ahead = Duration.ofHours(1);
        disk.fill(true);
        assertThatThrownBy(() -> push(ahead)).isInstanceOf(StoreException.class);
        disk.fill(false);
        awaitAccepting();
        push(ahead);
        try (var again = open(disk.afterPowerCut(BrittleDisk.Kept.NONE, new Random(1)))) {
            assertThat(again.exchangeOffsets().byEvents("inboxes")).contains(ahead);
        }
        store = open(new BrittleDisk());
    }

    private void page(MailboxId mailbox, int number) {
        var found = new Recovery.Found(ChangeKind.CREATED, ItemId.of("p" + number), Optional.empty(), clock.instant());
        store.resyncs()
                .store(new Recovery(
                        mailbox, Origin.RESYNC, List.of(found), "inbox", new SyncState("s" + number), true));
    }

    /// Only what the disk really has counts in the end.
    private void clearAfterCut() {
        var expected = items();
        var after = disk.afterPowerCut(BrittleDisk.Kept.NONE, new Random(1));
        try (var again = open(after)) {
            assertThat(again.journal().read(Position.START, 1000).stream()
                            .filter(event -> event.data() instanceof EventData.Change)
                            .map(event ->
                                    ((EventData.Change) event.data()).target().id()))
                    .containsExactlyElementsOf(expected);
        }
        store = open(new BrittleDisk());
    }
}
