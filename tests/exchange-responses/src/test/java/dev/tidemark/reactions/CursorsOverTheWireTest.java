package dev.tidemark.reactions;

import static dev.tidemark.values.ChangeKind.CREATED;
import static dev.tidemark.values.ChangeKind.NEW_MAIL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.simulator.fault.FaultScope;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.subscriber.config.FolderPath;
import dev.tidemark.subscriber.config.SnapshotScope;
import dev.tidemark.subscriber.config.WatchedFolders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks lists of Exchange that report that more follows, and repeat.
class CursorsOverTheWireTest {
    private static final WatchedFolders INBOX =
            new WatchedFolders.Some(List.of(new FolderRef.Distinguished("inbox")), List.of());
    private static final SnapshotScope NONE = new SnapshotScope.None();
    private static final String SYNC = "SyncFolderItems";
    private static final Duration HOUR = Duration.ofHours(1);

    /// Limit of requests in the two minutes after a resync began: tries with growing intervals, with some requests
    /// each.
    private static final int MAX_REQUESTS = 40;

    @TempDir
    private Path folder;

    private static void repeat(FolderTreeTestBed home, String operation, String value) {
        home.exchange
                .faults()
                .rate(
                        SimulatorFault.REPEAT_PAGE,
                        FaultScope.ANYWHERE.inOperation(operation).withValue(value),
                        1);
    }

    /// Runs a first resync, which stores the state of the folders.
    private static void resyncedOnce(FolderTreeTestBed home) {
        home.start();
        home.forgetSubscription();
        home.resubscribe();
        home.forgetSubscription();
    }

    private static void assertShownAndEnded(FolderTreeTestBed home, String operation, int before) {
        assertThat(home.requests(operation).size() - before).isLessThan(MAX_REQUESTS);
        assertThat(home.state().state()).isEqualTo(new MailboxState.Resyncing());
        assertThat(home.state().lastError())
                .hasValueSatisfying(text ->
                        assertThat(text).contains("CursorWithoutProgress").contains("repeats the pages"));
        home.exchange.faults().clear();
        home.time.advance(HOUR);
        assertThat(home.state().state()).isEqualTo(new MailboxState.Active());
        assertThat(home.state().lastError()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"same", "circle"})
    void a_folder_whose_pages_repeat_is_left_alone_for_longer_and_longer(String value) {
        try (var home = new FolderTreeTestBed(folder, INBOX, NONE, NEW_MAIL)) {
            resyncedOnce(home);
            var missed = home.mailbox.deliver("Missed");
            var before = home.requests(SYNC).size();
            repeat(home, SYNC, value);
            home.resubscribe();

            assertThat(home.announced())
                    .as("what was read is kept")
                    .containsExactly("RESYNC message.received " + missed.id());
            assertShownAndEnded(home, SYNC, before);
            assertThat(home.announced()).as("and not repeated").hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"same", "circle"})
    void a_folder_whose_empty_pages_repeat_is_left_alone_too(String value) {
        try (var home = new FolderTreeTestBed(folder, INBOX, NONE, NEW_MAIL)) {
            resyncedOnce(home);
            var before = home.requests(SYNC).size();
            repeat(home, SYNC, value);
            home.resubscribe();

            assertShownAndEnded(home, SYNC, before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"same", "circle"})
    void a_hierarchy_whose_pages_repeat_is_left_alone_for_longer_and_longer(String value) {
        try (var home = new FolderTreeTestBed(folder, new WatchedFolders.All(), NONE, NEW_MAIL, CREATED)) {
            resyncedOnce(home);
            var made = home.mailbox.folders().create("inbox", "Made");
            var before = home.requests("SyncFolderHierarchy").size();
            repeat(home, "SyncFolderHierarchy", value);
            home.resubscribe();

            assertShownAndEnded(home, "SyncFolderHierarchy", before);
            assertThat(home.announced()).contains("RESYNC folder.created " + made.id());
        }
    }

    @Test
    void folders_by_path_that_repeat_are_not_looked_for_without_end() {
        var invoices = new WatchedFolders.Some(List.of(), List.of(FolderPath.parse("path:/Inbox/Invoices")));
        try (var home = new FolderTreeTestBed(folder, invoices, NONE, NEW_MAIL)) {
            repeat(home, "FindFolder", "same");
            home.mailbox.folders().create("inbox", "Other");
            home.start();

            assertThat(home.requests("FindFolder").size()).isLessThan(MAX_REQUESTS);
            assertThat(home.requests("Subscribe")).isEmpty();
        }
    }

    @Test
    void push_works_meanwhile() {
        try (var home = new FolderTreeTestBed(folder, INBOX, NONE, NEW_MAIL)) {
            resyncedOnce(home);
            home.mailbox.deliver("Missed");
            repeat(home, SYNC, "same");
            home.resubscribe();
            // the clock stands still, so no resync can find it first
            var pushed = home.mailbox.deliver("Pushed");

            home.awaitTold("PUSH message.received " + pushed.id());
            assertThat(home.state().lastError())
                    .as("a callback is no end of it")
                    .isPresent();
        }
    }
}
