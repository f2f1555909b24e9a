package dev.tidemark.store.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.MailboxAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Checks a unit of work as the list of its changes.
final class StoreChangeSetTest {
    private static final Instant NOW = Instant.parse("2026-11-29T09:00:00Z");
    private static final Change.InstanceSaved INSTANCE = new Change.InstanceSaved("gw1", "key", NOW, true, 7);
    private static final Change ADDED = new Change.ReplayRemoved("rpl_1");

    private final MailboxRecord ada = cell('a');
    private final MailboxRecord bob = cell('b');
    private final StoreChangeSet draft =
            new StoreChangeSet(id -> Optional.empty(), new FolderNameCache(), NOW, 41, INSTANCE);

    private static MailboxRecord cell(char letter) {
        return new MailboxRecord(
                new MailboxId("mbx_" + String.valueOf(letter).repeat(16)),
                new MailboxAddress(letter + "@example.com"),
                new GroupMembership("inboxes", false));
    }

    @Test
    void changes_are_in_one_order_whatever_the_order_of_the_calls() {
        draft.add(ADDED);
        var edited = draft.edit(bob);
        draft.save(draft.edit(ada));
        draft.save(edited);
        draft.appendInstanceEvent("gw1", "ping", Map.of());
        draft.appendLifecycleEvent(edited, "ping", Map.of());
        var changes = draft.changes();
        assertThat(changes)
                .extracting(change -> change.getClass().getSimpleName())
                .containsExactly("JournalAppended", "MailboxSaved", "MailboxSaved", "InstanceSaved", "ReplayRemoved");
        assertThat(((Change.JournalAppended) changes.getFirst()).row().position())
                .isEqualTo(42);
        assertThat(changes.subList(1, 3))
                .isEqualTo(List.of(
                        new Change.MailboxSaved(MailboxRecordCodec.row(edited, 43)),
                        new Change.MailboxSaved(MailboxRecordCodec.row(ada, 43))));
        assertThat(changes.get(3)).isEqualTo(INSTANCE.withSequence(8));
    }

    @Test
    void an_edit_that_is_not_saved_is_no_change() {
        draft.edit(ada).recordCallback(NOW);
        assertThat(draft.changes()).isEmpty();
    }

    @Test
    void a_clean_stop_is_a_change_of_the_instance_alone() {
        draft.recordClean(false);
        assertThat(draft.changes()).containsExactly(INSTANCE.withClean(false));
    }
}
