package dev.tidemark.reactions;

import static dev.tidemark.reactions.FolderTreeTestBed.ADA;
import static dev.tidemark.values.ChangeKind.MODIFIED;
import static dev.tidemark.values.ChangeKind.NEW_MAIL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.simulator.mailbox.RolledBack;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.subscriber.config.SnapshotScope;
import dev.tidemark.subscriber.config.WatchedFolders;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Checks a mailbox database that goes back in time, and its subscriptions with it.
class RolledBackDatabaseTest {
    private static final WatchedFolders INBOX =
            new WatchedFolders.Some(List.of(new FolderRef.Distinguished("inbox")), List.of());
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /// Interval of heartbeats.
    private static final Duration DAY = Duration.ofDays(1).plus(MINUTE);

    @TempDir
    private Path folder;

    private FolderTreeTestBed home(ChangeKind... events) {
        var home = new FolderTreeTestBed(folder, INBOX, new SnapshotScope.None(), events);
        home.start();
        return home;
    }

    private static ItemId pushed(FolderTreeTestBed home, String subject) {
        var mail = home.mailbox.deliver(subject);
        home.time.advance(MINUTE);
        home.awaitTold("PUSH message.received " + mail.id());
        return mail;
    }

    /// Lets days pass, each with its heartbeat and its effects.
    private static void days(FolderTreeTestBed home, int number) {
        for (var day = 1; day <= number; day++) {
            var before = home.state().lastHeardAt();
            home.time.advance(DAY);
            await().until(() -> {
                // the heartbeat may be scheduled late if its sender was busy when the day ended
                home.time.advance(MINUTE.multipliedBy(10));
                return !home.state().lastHeardAt().equals(before);
            });
            home.time.advance(MINUTE.multipliedBy(2));
        }
    }

    private static long announced(FolderTreeTestBed home, String type, ItemId item) {
        return home.announced().stream()
                .filter(line -> line.endsWith(" " + type + " " + item.id()))
                .count();
    }

    private static long resyncs(FolderTreeTestBed home) {
        return home.journal().stream()
                .filter(event -> event.type().equals("mailbox.resync.completed"))
                .count();
    }

    private static void assertWell(FolderTreeTestBed home) {
        assertThat(resyncs(home)).isPositive();
        assertThat(home.state().state()).isEqualTo(new MailboxState.Active());
        assertThat(home.state().lastError()).isEmpty();
        var after = home.mailbox.deliver("After");
        home.time.advance(MINUTE);
        home.awaitTold("PUSH message.received " + after.id());
    }

    @ParameterizedTest
    @CsvSource({"REFUSE, false", "REFUSE, true", "SILENT, false", "SILENT, true", "RENUMBER, false", "RENUMBER, true"})
    void what_is_new_after_it_is_announced_once(RolledBack manner, boolean withSyncStates) {
        try (var home = home(NEW_MAIL)) {
            pushed(home, "Kept");
            home.time.advance(MINUTE);
            var backup = home.time.clock().instant();
            home.time.advance(MINUTE);
            for (var number = 1; number <= 6; number++) {
                pushed(home, "Lost " + number);
            }
            if (withSyncStates) {
                home.exchange.forgetSubscriptions(ADA);
                home.resync();
            }
            var before = resyncs(home);
            home.exchange.rollBackDatabase(ADA, backup, manner);
            var deaf = home.mailbox.deliver("While no subscription lived");
            home.time.advance(MINUTE);
            home.loseSubscription();
            var later = home.mailbox.deliver("After the new subscription");
            days(home, 5);

            assertThat(announced(home, "message.received", deaf)).isEqualTo(1);
            assertThat(announced(home, "message.received", later)).isEqualTo(1);
            assertThat(resyncs(home)).isGreaterThan(before);
            assertWell(home);
        }
    }

    @Test
    void a_change_that_has_the_watermark_of_a_lost_one_is_no_repetition_of_it() {
        try (var home = home(NEW_MAIL, MODIFIED)) {
            var mail = pushed(home, "Kept");
            home.time.advance(MINUTE);
            var backup = home.time.clock().instant();
            home.time.advance(MINUTE);
            home.mailbox.modify(mail, "First");
            home.time.advance(MINUTE);
            home.awaitTold("PUSH item.modified " + mail.id());
            home.exchange.rollBackDatabase(ADA, backup, RolledBack.RENUMBER);
            home.loseSubscription();
            // a time equal to that of the arrival counts as missing, and proves nothing
            home.exchange.faults().clockOffset(Duration.ofSeconds(-1));
            home.mailbox.modify(mail, "Second");
            days(home, 2);

            assertThat(announced(home, "item.modified", mail)).isEqualTo(2);
            assertWell(home);
        }
    }

    @Test
    void a_mailbox_that_is_only_quiet_is_resynchronized_once_and_tells_nothing() {
        try (var home = home(NEW_MAIL)) {
            pushed(home, "Kept");
            days(home, 1);
            home.exchange.forgetSubscriptions(ADA);
            home.loseSubscription();
            days(home, 5);

            assertThat(resyncs(home)).isEqualTo(1);
            assertThat(home.announced()).hasSize(1);
            assertWell(home);
        }
    }

    @Test
    void a_mailbox_whose_watermark_moves_is_not_resynchronized() {
        try (var home = home(NEW_MAIL)) {
            pushed(home, "Kept");
            home.exchange.forgetSubscriptions(ADA);
            var missed = home.mailbox.deliver("Missed");
            home.loseSubscription();
            home.awaitTold("PUSH message.received " + missed.id());
            days(home, 5);

            assertThat(resyncs(home)).isZero();
            assertThat(announced(home, "message.received", missed)).isEqualTo(1);
        }
    }
}
