package dev.tidemark.reactions;

import static dev.tidemark.reactions.FolderTreeTestBed.ADA;
import static dev.tidemark.values.ChangeKind.CREATED;
import static dev.tidemark.values.ChangeKind.DELETED;
import static dev.tidemark.values.ChangeKind.NEW_MAIL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.LoggedRequest;
import dev.tidemark.simulator.fault.ScriptedError;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.mailbox.SimulatedMail;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.subscriber.config.FolderPath;
import dev.tidemark.subscriber.config.SnapshotScope;
import dev.tidemark.subscriber.config.WatchedFolders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks folders by path, all folders, snapshots and aging sync states.
class FoldersOverTheWireTest {
    private static final WatchedFolders ALL = new WatchedFolders.All();
    private static final WatchedFolders INVOICES =
            new WatchedFolders.Some(List.of(), List.of(FolderPath.parse("path:/Inbox/Invoices")));
    private static final SnapshotScope NONE = new SnapshotScope.None();
    private static final int MORE_THAN_THERE_ARE_FOLDERS = 15;

    @TempDir
    private Path folder;

    @Test
    void a_path_that_leads_nowhere_is_refused_for_good_in_its_own_name() {
        try (var home = new FolderTreeTestBed(folder, INVOICES, NONE, NEW_MAIL)) {
            home.start();

            assertThat(home.state().state()).isInstanceOf(MailboxState.Failed.class);
            assertThat(home.newest("subscription.failed").get("error"))
                    .asString()
                    .contains("no folder path:/Inbox/Invoices", "Correct the group's folders");
            assertThat(home.requests("Subscribe")).isEmpty();
        }
    }

    @Test
    void a_folder_by_its_path_is_told_of_and_no_other() {
        try (var home = new FolderTreeTestBed(folder, INVOICES, NONE, NEW_MAIL)) {
            var invoices = home.mailbox.folders().create("inbox", "invoices");
            home.start();
            home.mailbox.deliver("Hello");
            var pushed = home.mailbox.deliver(invoices.id(), SimulatedMail.of("An invoice"));
            home.time.advance(Duration.ofMinutes(1));
            home.awaitTold("PUSH message.received " + pushed.id());

            home.forgetSubscription();
            home.mailbox.deliver("Hello again");
            var missed = home.mailbox.deliver(invoices.id(), SimulatedMail.of("A second"));
            home.resubscribe();

            assertThat(home.announced())
                    .containsExactly("PUSH message.received " + pushed.id(), "RESYNC message.received " + missed.id());
        }
    }

    @Test
    void another_folder_that_took_the_place_of_the_first_is_found() {
        try (var home = new FolderTreeTestBed(folder, INVOICES, NONE, NEW_MAIL)) {
            var first = home.mailbox.folders().create("inbox", "Invoices");
            home.start();
            home.mailbox.folders().delete(first);
            var second = home.mailbox.folders().create("inbox", "Invoices");
            home.forgetSubscription();
            home.resubscribe();
            home.time.advance(Duration.ofMinutes(10));
            var mail = home.mailbox.deliver(second.id(), SimulatedMail.of("An invoice"));
            home.time.advance(Duration.ofMinutes(1));

            home.awaitTold("PUSH message.received " + mail.id());
        }
    }

    @Test
    void all_folders_are_told_of_those_that_came_while_nobody_heard_among_them() {
        try (var home = new FolderTreeTestBed(folder, ALL, NONE, NEW_MAIL, CREATED, DELETED)) {
            var old = home.mailbox.folders().create("msgfolderroot", "Old");
            home.start();
            var pushed = home.mailbox.deliver(old.id(), SimulatedMail.of("Pushed"));
            home.time.advance(Duration.ofMinutes(1));
            home.awaitTold("PUSH message.received " + pushed.id());
            home.forgetSubscription();
            home.resubscribe();
            home.forgetSubscription();
            var made = home.mailbox.folders().create("inbox", "New");
            var missed = home.mailbox.deliver(made.id(), SimulatedMail.of("Missed"));
            var sent = home.mailbox.create("sentitems", SimulatedMail.of("Sent"));
            home.mailbox.folders().delete(old);
            home.resubscribe();

            assertThat(home.announced().subList(2, home.announced().size()))
                    .containsExactlyInAnyOrder(
                            "RESYNC folder.created " + made.id(),
                            "RESYNC folder.deleted " + old.id(),
                            "RESYNC item.created " + missed.id(),
                            "RESYNC message.received " + missed.id(),
                            "RESYNC item.created " + sent.id());
            assertThat(home.requests("SyncFolderHierarchy").stream().map(LoggedRequest::from))
                    .hasSize(2)
                    .last()
                    .matches(Optional::isPresent);
        }
    }

    @Test
    void a_resync_of_all_folders_that_broke_off_leaves_none_out_and_tells_nothing_twice() {
        try (var home = new FolderTreeTestBed(folder, ALL, NONE, NEW_MAIL, CREATED, DELETED)) {
            home.start();
            home.forgetSubscription();
            home.resubscribe();
            home.forgetSubscription();
            var made = home.mailbox.folders().create("inbox", "New");
            var inNew = home.mailbox.deliver(made.id(), SimulatedMail.of("In the new one"));
            var inInbox = home.mailbox.deliver("In the inbox");
            home.exchange.faults().next(SimulatorFault.REFUSE_SYNC_STATE, ADA, 1);
            home.exchange
                    .faults()
                    .respondWith(
                            "SyncFolderItems",
                            ADA,
                            new ScriptedError.Message("ErrorInternalServerTransientError"),
                            new ScriptedError.Message("ErrorInternalServerTransientError"));
            home.resubscribe();
            home.restart();
            home.time.advance(Duration.ofHours(1));

            assertThat(home.announced())
                    .containsExactlyInAnyOrder(
                            "RESYNC folder.created " + made.id(),
                            "RESYNC item.created " + inNew.id(),
                            "RESYNC message.received " + inNew.id(),
                            "RESYNC item.created " + inInbox.id(),
                            "RESYNC message.received " + inInbox.id());
            assertThat(home.state().resyncSince()).isEmpty();
        }
    }

    /// Exchange refuses the sync state of one folder and fails before the folder is read from zero.
    @Test
    void a_folder_whose_state_is_refused_is_not_left_out_when_its_reading_breaks_off() {
        try (var home = new FolderTreeTestBed(folder, ALL, NONE, NEW_MAIL)) {
            home.start();
            home.forgetSubscription();
            home.resubscribe();
            home.forgetSubscription();
            var missed = home.mailbox.deliver("Missed");
            home.exchange
                    .faults()
                    .respondWith(
                            "SyncFolderItems",
                            ADA,
                            Stream.generate(() -> Stream.of(
                                            new ScriptedError.Message("ErrorInvalidSyncStateData"),
                                            new ScriptedError.Message("ErrorInternalServerTransientError")))
                                    .limit(MORE_THAN_THERE_ARE_FOLDERS)
                                    .flatMap(Function.identity())
                                    .toArray(ScriptedError[]::new));
            home.resubscribe();
            home.time.advance(Duration.ofHours(5));

            assertThat(home.announced()).containsExactly("RESYNC message.received " + missed.id());
            assertThat(home.state().resyncSince()).isEmpty();
        }
    }

    @Test
    void a_snapshot_tells_the_past_once_and_only_to_a_mailbox_that_is_new() {
        try (var home =
                new FolderTreeTestBed(folder, ALL, new SnapshotScope.Since(Duration.ofDays(7)), NEW_MAIL, CREATED)) {
            var start = home.time.clock().instant();
            home.mailbox.seed("inbox", SimulatedMail.of("Ancient").receivedAt(start.minus(Duration.ofDays(8))));
            var recent =
                    home.mailbox.seed("inbox", SimulatedMail.of("Recent").receivedAt(start.minus(Duration.ofDays(6))));
            var draft =
                    home.mailbox.seed("drafts", SimulatedMail.of("Draft").receivedAt(start.minus(Duration.ofDays(1))));
            home.start();
            home.time.advance(Duration.ofMinutes(2));
            var pushed = home.mailbox.deliver("Now");
            home.time.advance(Duration.ofMinutes(1));
            home.awaitTold("PUSH message.received " + pushed.id());
            home.restart();
            home.forgetSubscription();
            home.resubscribe();

            assertThat(home.announced())
                    .containsExactlyInAnyOrder(
                            "SNAPSHOT item.created " + recent.id(),
                            "SNAPSHOT message.received " + recent.id(),
                            "SNAPSHOT item.created " + draft.id(),
                            "PUSH item.created " + pushed.id(),
                            "PUSH message.received " + pushed.id());
            assertThat(home.journal().stream()
                            .filter(event -> event.type().equals("mailbox.resync.completed"))
                            .map(Object::toString))
                    .hasSize(2)
                    .first()
                    .asString()
                    .contains("snapshot", "created=3");
            assertThat(home.state().snapshotSince()).isEmpty();
        }
    }

    @Test
    void a_resync_that_comes_before_the_snapshot_brings_it_along() {
        try (var home = new FolderTreeTestBed(folder, ALL, new SnapshotScope.All(), NEW_MAIL)) {
            var first = home.mailbox.seed("inbox", SimulatedMail.of("First"));
            home.exchange
                    .faults()
                    .respondWith(
                            "SyncFolderHierarchy",
                            ADA,
                            Stream.generate(() -> new ScriptedError.Message("ErrorInternalServerTransientError"))
                                    .limit(50)
                                    .toArray(ScriptedError[]::new));
            home.start();
            home.exchange.faults().clear();
            home.forgetSubscription();
            home.resubscribe();

            assertThat(home.announced()).containsExactly("RESYNC message.received " + first.id());
            assertThat(home.state().snapshotSince()).isEmpty();
        }
    }

    @Test
    void states_are_taken_anew_before_they_are_too_old_to_tell_deletions_by() {
        try (var home = new FolderTreeTestBed(folder, ALL, NONE, NEW_MAIL, DELETED)) {
            var item = home.mailbox.seed("inbox", SimulatedMail.of("To go"));
            home.start();
            home.forgetSubscription();
            home.resubscribe();
            var quiet = home.mailbox.folders().create("inbox", "Never looked at");
            home.time.advance(Duration.ofDays(10));
            var looked = home.requests("SyncFolderHierarchy").size();
            home.forgetSubscription();
            home.mailbox.delete(item);
            home.resubscribe();

            assertThat(looked).as("looks at the hierarchy in ten days").isBetween(3, 4);
            assertThat(home.announced()).containsExactly("RESYNC item.deleted " + item.id());
            assertThat(quiet.id()).isNotEmpty();
        }
    }
}
