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

    private final MailboxRecord ada = record('a');
    private final MailboxRecord bob = record('b');
    private final StoreChangeSet changeSet =
            new StoreChangeSet(id -> Optional.empty(), new FolderNameCache(), NOW, 41, INSTANCE);

    private static MailboxRecord record(char letter) {
        return new MailboxRecord(
                new MailboxId("mbx_" + String.valueOf(letter).repeat(16)),
                new MailboxAddress(letter + "@example.com"),
                new GroupMembership("inboxes", false));
    }

    @Test
    void changes_are_in_one_order_for_any_order_of_the_calls() {
        changeSet.add(ADDED);
        var edited = changeSet.edit(bob);
        changeSet.save(changeSet.edit(ada));
        changeSet.save(edited);
        changeSet.appendInstanceEvent("gw1", "ping", Map.of());
        changeSet.appendLifecycleEvent(edited, "ping", Map.of());
        var changes = changeSet.changes();
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
        changeSet.edit(ada).recordCallback(NOW);
        assertThat(changeSet.changes()).isEmpty();
    }

    @Test
    void a_clean_stop_is_a_change_of_the_instance_alone() {
        changeSet.recordClean(false);
        assertThat(changeSet.changes()).containsExactly(INSTANCE.withClean(false));
    }
}
