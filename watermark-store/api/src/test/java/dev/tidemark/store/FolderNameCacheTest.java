package dev.tidemark.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.FolderNameCache.FolderName;
import dev.tidemark.store.FolderNameCache.NameRequest;
import dev.tidemark.store.model.EventData.Change;
import dev.tidemark.store.model.EventData.FolderInfo;
import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ObjectId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class FolderNameCacheTest {
    private static final MailboxId ADA = new MailboxId("mbx_aaaaaaaaaaaaaaaa");
    private static final FolderName INBOX = new FolderName(Optional.of("Posteingang"), Optional.of("inbox"));

    private final FolderNameCache names = new FolderNameCache(2);

    @Test
    void an_unknown_folder_stays_without_a_name_and_is_requested_once() {
        assertThat(parent(ItemId.of("I1"), "F1").name()).isEmpty();
        assertThat(parent(ItemId.of("I2"), "F1").name()).isEmpty();
        assertThat(names.pollRequests(10)).containsExactly(new NameRequest(ADA, List.of("F1")));
        assertThat(names.pollRequests(10)).isEmpty();
    }

    @Test
    void what_is_known_is_written_into_the_event() {
        names.learn(ADA, FolderId.of("F1"), INBOX);
        var folder = parent(ItemId.of("I1"), "F1");
        assertThat(folder.name()).contains("Posteingang");
        assertThat(folder.wellKnown()).contains("inbox");
        assertThat(names.pollRequests(10)).isEmpty();
    }

    @Test
    void a_folder_that_exchange_does_not_report_is_not_requested_again() {
        names.learn(ADA, FolderId.of("F1"), FolderName.NONE);
        assertThat(parent(ItemId.of("I1"), "F1").name()).isEmpty();
        assertThat(names.pollRequests(10)).isEmpty();
    }

    @Test
    void a_change_of_a_folder_makes_its_name_uncertain() {
        names.learn(ADA, FolderId.of("F1"), INBOX);
        names.learn(ADA, FolderId.of("F0"), INBOX);
        parent(FolderId.of("F1"), "F0");
        assertThat(names.pollRequests(10)).containsExactly(new NameRequest(ADA, List.of("F1")));
        assertThat(parent(ItemId.of("I1"), "F1").name()).contains("Posteingang");
    }

    @Test
    void the_name_unused_for_longest_is_forgotten_first() {
        names.learn(ADA, FolderId.of("F1"), INBOX);
        names.learn(ADA, FolderId.of("F2"), INBOX);
        parent(ItemId.of("I1"), "F1");
        names.learn(ADA, FolderId.of("F3"), INBOX);
        assertThat(parent(ItemId.of("I2"), "F1").name()).isPresent();
        assertThat(parent(ItemId.of("I3"), "F2").name()).isEmpty();
    }

    private FolderInfo parent(ObjectId target, String folder) {
        var info = new FolderInfo(FolderId.of(folder), Optional.empty(), Optional.empty());
        var change = new Change(
                new MailboxRef(ADA, new MailboxAddress("ada@example.com"), "inboxes"),
                ChangeKind.MODIFIED,
                target,
                Optional.of(info),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty());
        return names.withNames(ADA, change).parentFolder().orElseThrow();
    }
}
