package dev.tidemark.reactions;

import static dev.tidemark.values.ChangeKind.NEW_MAIL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.simulator.fault.FaultScope;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.subscriber.config.SnapshotScope;
import dev.tidemark.subscriber.config.WatchedFolders;
import dev.tidemark.values.ItemId;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks messages of Exchange in which one entry cannot be understood. The clock stands still, so nothing waits.
class LenientReadingOverTheWireTest {
    private static final WatchedFolders INBOX =
            new WatchedFolders.Some(List.of(new FolderRef.Distinguished("inbox")), List.of());

    /// Number of items in one GetItem request.
    private static final int MAILS = 10;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"&#x1F;", "&#x0;", "&#xFFFE;"})
    void a_forbidden_character_in_a_response_costs_no_detail(String character) {
        try (var home = new FolderTreeTestBed(folder, INBOX, new SnapshotScope.None(), NEW_MAIL).withDetails()) {
            home.start();
            var scope = FaultScope.ANYWHERE.inOperation("GetItem").withValue(character);
            home.exchange.faults().rate(SimulatorFault.CONTROL_CHARACTERS, scope, 1);

            var mails = deliver(home);

            await().untilAsserted(() -> assertThat(home.details()).containsOnlyKeys(mails));
            assertThat(home.details().values()).allMatch(ItemDetail.Found.class::isInstance);
            assertThat(home.details().values().toString()).contains("\uFFFD");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-id", "empty-id", "empty", "unknown-kind"})
    void an_odd_event_in_each_callback_costs_no_other(String entry) {
        try (var home = new FolderTreeTestBed(folder, INBOX, new SnapshotScope.None(), NEW_MAIL)) {
            home.start();
            home.exchange.faults().rate(SimulatorFault.CORRUPT_ITEM, FaultScope.ANYWHERE.withValue(entry), 1);

            var mails = deliver(home);

            await().untilAsserted(() -> assertThat(received(home)).containsExactlyInAnyOrderElementsOf(mails));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"&#x1;", "&#x0;", "&#xFFFE;"})
    void a_forbidden_character_in_every_page_ends_no_resync_early(String character) {
        var fault = FaultScope.ANYWHERE.inOperation("SyncFolderItems").withValue(character);
        assertResyncFindsAll(SimulatorFault.CONTROL_CHARACTERS, fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-id", "empty-id", "empty", "unknown-kind"})
    void an_odd_change_in_every_page_ends_no_resync_early(String entry) {
        var fault = FaultScope.ANYWHERE.inOperation("SyncFolderItems").withValue(entry);
        assertResyncFindsAll(SimulatorFault.CORRUPT_ITEM, fault);
    }

    private void assertResyncFindsAll(SimulatorFault fault, FaultScope scope) {
        try (var home = new FolderTreeTestBed(folder, INBOX, new SnapshotScope.None(), NEW_MAIL)) {
            home.start();
            home.forgetSubscription();
            var mails = deliver(home);
            home.exchange.faults().rate(fault, scope, 1);
            home.resync();

            await().untilAsserted(() -> assertThat(received(home)).containsExactlyInAnyOrderElementsOf(mails));
            await().untilAsserted(() -> assertThat(home.state().state()).isEqualTo(new MailboxState.Active()));
            assertThat(home.state().lastError()).isEmpty();
        }
    }

    private static List<String> deliver(FolderTreeTestBed home) {
        return IntStream.range(0, MAILS)
                .mapToObj(number -> home.mailbox.deliver("Mail " + number))
                .map(ItemId::id)
                .toList();
    }

    private static List<String> received(FolderTreeTestBed home) {
        return home.journal().stream()
                .filter(event -> event.data() instanceof EventData.Change)
                .map(event -> ((EventData.Change) event.data()).target().id())
                .toList();
    }
}
